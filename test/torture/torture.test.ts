import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { requirement } from "../requirements.js";

const program = fileURLToPath(new URL("main.mjs", import.meta.url));

/** So slow is no machine: the run is bounded by its kills and lines, this only ends one that hangs. */
const LIMIT_MS = 20 * 60_000;

const missing = (["private-engine", "python", "busybox", "jq"] as const).some(
  (name) => requirement(name).missing,
);

describe.skipIf(missing)("a sidecar that is killed again and again", () => {
  it(
    "stores each line once: 8 kills at random moments, and one at each of a third of the fault points",
    async () => {
      // What a fault leaves to look at must outlast the tests' own folder.
      const { TEST_SCRATCH: scratch } = process.env;
      const TMPDIR = scratch === undefined ? tmpdir() : dirname(scratch);
      const args = [program, "--kills", "8", "--rounds", "1"];
      const run = spawn(process.execPath, args, { env: { ...process.env, TMPDIR } });
      let said = "";
      for (const stream of [run.stdout, run.stderr]) stream.on("data", (text) => (said += text));
      const [status] = await once(run, "close");
      process.stdout.write(said);
      expect(said).toContain("each line once, after 8 kills at random moments");
      expect(status).toBe(0);
    },
    LIMIT_MS,
  );
});
