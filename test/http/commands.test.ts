import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../src/cli/program.js";
import { until } from "../engine/sidecar.js";

const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const TOKEN = "a-token-of-some-length";
const logDir = mkdtempSync(join(tmpdir(), "http-commands-"));
let child: ChildProcess;
let said = "";

/** Prints a line, and another for each that it is given. */
const APP = 'echo first; while read -r line; do echo "$line"; done';

async function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv = { SIDECAR_HTTP_TOKEN: TOKEN },
  folder = logDir,
) {
  let text = "";
  const output = { write: (part: string) => (text += part) };
  const status = await main([...args, "--log-dir", folder], {
    env,
    shippedRules: "rules",
    output: { out: output, err: output },
  });
  return { status, text };
}

beforeAll(async () => {
  child = spawn(
    process.execPath,
    [program, "run", "--http", "127.0.0.1:0", "--flush-interval", "1h", "--", "sh", "-c", APP],
    {
      env: { ...process.env, SIDECAR_LOG_DIR: logDir, SIDECAR_HTTP_TOKEN: TOKEN },
      stdio: ["pipe", "ignore", "pipe"],
    },
  );
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  // Where it is to be asked stands in the status that is written every two seconds.
  await until("it answers", async () => (await run(["flush"])).status === 0);
});

afterAll(async () => {
  child.stdin?.end();
  if (child.exitCode === null) await once(child, "exit");
  rmSync(logDir, { recursive: true });
});

describe("beside a running sidecar", () => {
  const checkpoint = () => readFileSync(join(logDir, ".sidecar/checkpoint.json"), "utf8");

  it("flush commits what was read and was not due", async () => {
    child.stdin?.write("one\ntwo\n");
    const read = async () => JSON.parse((await run(["stats", "--json"])).text).containers[0]?.read;
    await expect.poll(read, { timeout: 10_000 }).toBe(3);
    expect(checkpoint()).not.toContain('"read":3');
    const { text } = await run(["flush", "--json"]);
    expect(JSON.parse(text)).toMatchObject({ lines: 2, written: 2 });
    expect(checkpoint()).toContain('"read":3');
  });

  it("SIGUSR1 does the same, and says so in the log", async () => {
    child.stdin?.write("three\n");
    const told = () =>
      said.split("\n").find((line) => line.includes('"why":"SIGUSR1"') && line.includes('"lines":1'));
    await expect
      .poll(
        () => {
          child.kill("SIGUSR1");
          return told();
        },
        { timeout: 10_000 },
      )
      .toBeDefined();
    expect(checkpoint()).toContain('"read":4');
    expect(said).not.toMatch(/debugger/i);
  });

  it("storage, retention and cleanup are its answers", async () => {
    expect((await run(["storage"])).text).toMatch(/^raw +1 /m);
    expect((await run(["retention"])).text).toMatch(/^\d{4}-\d\d-\d\d: nothing to do\n$/);
    expect(JSON.parse((await run(["cleanup", "--target", "100", "--json"])).text)).toMatchObject({
      reached: true,
      dryRun: false,
    });
    const counted = JSON.parse((await run(["stats", "--json"])).text).counters.retention_runs_total;
    // One by its own schedule at the start, the others asked for.
    expect(counted).toEqual({ schedule: 2, emergency: 1 });
  });

  it("a command without the token does what it can by itself, and says why it can't flush", async () => {
    expect((await run(["storage"], {})).text).toMatch(/^raw +1 /m);
    await expect(run(["flush"], {})).rejects.toMatchObject({ code: "HTTP_TOKEN" });
  });

  it("flags that say something else than its settings are heard", async () => {
    const { text } = await run([
      "retention",
      "--dry-run",
      "--now",
      "2099-01-01",
      "--retention",
      "{raw: {delete: never, archive: 1d}}",
      "--json",
    ]);
    expect(JSON.parse(text).dryRun).toBe(true);
  });
});

it("without a sidecar flush says that none runs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "none-"));
  await expect(run(["flush"], {}, folder)).rejects.toMatchObject({ code: "SIDECAR_ABSENT" });
});
