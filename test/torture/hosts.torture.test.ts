import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { requirement } from "../requirements.js";

const program = fileURLToPath(new URL("hosts/main.mjs", import.meta.url));

/** Only ends a run that hangs. */
const LIMIT_MS = 15 * 60_000;

const needed = ["private-engine", "python", "busybox", "nats-server"] as const;
const missing = needed.some((name) => requirement(name).missing);

describe.skipIf(missing)("two hosts, a NATS server and a consumer that are killed", () => {
  it(
    "give each line once: a forwarder that stores besides, the other at a fault point, the consumer, the server",
    async () => {
      // What a fault leaves to look at must outlast the tests' own folder.
      const { TEST_SCRATCH: scratch } = process.env;
      const TMPDIR = scratch === undefined ? tmpdir() : dirname(scratch);
      const args = [program, "--kills", "4", "--servers", "1"];
      const run = spawn(process.execPath, args, { env: { ...process.env, TMPDIR } });
      let said = "";
      for (const stream of [run.stdout, run.stderr]) stream.on("data", (text) => (said += text));
      const [status] = await once(run, "close");
      process.stdout.write(said);
      expect(said).toContain("each line once for each of 2 hosts, and once beside web-1, after 4 kills");
      expect(status).toBe(0);
    },
    LIMIT_MS,
  );
});
