import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { SidecarError } from "../../../src/core/errors.js";
import { ExecSource } from "../../../src/sources/pipe/exec-source.js";
import { BatchLog } from "../batch-log.js";
import { indentedLines, wholeLines } from "../joiners.js";

const WAIT = { timeout: 8_000, interval: 10 };

/** Runs a JavaScript program. */
function program(
  text: string,
  createJoiner = wholeLines,
): { source: ExecSource; sink: BatchLog; ended: Promise<void> } {
  const source = new ExecSource({
    command: [process.execPath, "-e", text],
    maxLineBytes: 1000,
    createJoiner,
  });
  const sink = new BatchLog();
  const ended = source.run(sink);
  onTestFinished(() => source.stop());
  return { source, sink, ended };
}

describe("a program that is run", () => {
  it("is heard on both of its outputs, each line under its own name", async () => {
    const { source, sink, ended } = program(
      `for (let n = 0; n < 2000; n += 1) { console.log("out " + n); if (n % 10 === 0) console.error("err " + n); }`,
    );
    await ended;
    expect(sink.texts(undefined, "stdout")).toEqual(Array.from({ length: 2000 }, (_, n) => `out ${n}`));
    expect(sink.texts(undefined, "stderr")).toEqual(Array.from({ length: 200 }, (_, n) => `err ${n * 10}`));
    expect(source.exitStatus).toBe(0);
    expect(sink.batches.at(-1)?.state).toBe("ended");
  });

  it.each([
    ["process.exit(3)", 3],
    [`process.kill(process.pid, "SIGKILL"); setTimeout(() => {}, 5000)`, 137],
    [`process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 5000)`, 143],
  ])("ends with the status of %s", async (text, status) => {
    const { source, ended } = program(text);
    await ended;
    expect(source.exitStatus).toBe(status);
  });

  it("hears SIGTERM, and its last words are collected, without a newline too", async () => {
    const { source, sink, ended } = program(
      `process.on("SIGTERM", () => { process.stdout.write("farewell"); process.exit(7); }); console.log("ready"); setInterval(() => {}, 1000)`,
    );
    await vi.waitFor(() => expect(sink.texts()).toEqual(["ready"]), WAIT);
    await source.stop();
    await ended;
    expect(sink.texts()).toEqual(["ready", "farewell"]);
    expect(source.exitStatus).toBe(7);
  });

  it.each(["stdout", "stderr"])("can open /dev/%s, as under a shell", async (name) => {
    const source = new ExecSource({
      command: [
        "sh",
        "-c",
        `echo first > /dev/${name}; echo second >> /proc/self/fd/${name === "stdout" ? 1 : 2}; exit 5`,
      ],
      maxLineBytes: 1000,
      createJoiner: wholeLines,
    });
    const sink = new BatchLog();
    await source.run(sink);
    expect(sink.texts(undefined, name as "stdout")).toEqual(["first", "second"]);
    expect(source.exitStatus).toBe(5);
  });

  it("writes to sockets, and says so, where no pipe can be made", async () => {
    const told: unknown[] = [];
    vi.stubEnv("TMPDIR", "/nowhere/at/all");
    onTestFinished(() => void vi.unstubAllEnvs());
    const source = new ExecSource({
      command: ["sh", "-c", "echo out; echo err >&2"],
      maxLineBytes: 1000,
      createJoiner: wholeLines,
      onNoPipe: (cause) => told.push(cause),
    });
    const sink = new BatchLog();
    await source.run(sink);
    expect([sink.texts(undefined, "stdout"), sink.texts(undefined, "stderr")]).toEqual([["out"], ["err"]]);
    expect(told).toHaveLength(1);
  });

  it("has a terminal when that is asked for, and its arguments as they are", async () => {
    const source = new ExecSource({
      command: ["sh", "-c", 'test -t 1 && test -t 2 && echo "a terminal: $1"; exit 3', "sh", "it's $HOME"],
      tty: true,
      maxLineBytes: 1000,
      createJoiner: wholeLines,
    });
    const sink = new BatchLog();
    await source.run(sink);
    expect(sink.texts()).toEqual(["a terminal: it's $HOME"]);
    expect(source.exitStatus).toBe(3);
  });

  it("is described by settings as a container is by its labels", async () => {
    const said = {
      component: "quotes",
      level: "warning",
      format: "nginx",
      multiline: "^x",
      logsource: "product=a",
    } as const;
    const source = new ExecSource({
      command: ["echo", "a"],
      maxLineBytes: 1000,
      createJoiner: wholeLines,
      said,
    });
    const sink = new BatchLog();
    await source.run(sink);
    expect(sink.batches[0]?.container).toMatchObject({
      componentLabel: "quotes",
      minLevel: "warning",
      format: "nginx",
      multiline: "^x",
      labels: { "log-sidecar.logsource": "product=a", "log-sidecar.format": "nginx" },
    });
  });

  it("that cannot be started is an error with a code", async () => {
    const source = new ExecSource({
      command: ["/no/such/program"],
      maxLineBytes: 1000,
      createJoiner: wholeLines,
    });
    const error = await source.run(new BatchLog()).then(
      () => undefined,
      (cause: unknown) => cause as SidecarError,
    );
    expect(error?.code).toBe("COMMAND_FAILED");
    expect(error?.message).toContain("/no/such/program");
  });

  it("waits for the sink instead of filling the memory", async () => {
    const { source, sink, ended } = program(
      `const line = "x".repeat(999) + "\\n"; (function more() { while (process.stdout.write(line)); process.stdout.once("drain", more); })()`,
    );
    let free: () => void = () => undefined;
    sink.wait = new Promise((resolve) => {
      free = resolve;
    });
    await sleep(500);
    const bytes = sink.batches.reduce((sum, batch) => sum + batch.bytes, 0);
    expect(bytes).toBeLessThan(200_000);
    sink.wait = undefined;
    free();
    await source.stop();
    await ended;
  });

  it("fails when the sink does", async () => {
    const source = new ExecSource({
      command: [process.execPath, "-e", `console.log("1"); setTimeout(() => {}, 100)`],
      maxLineBytes: 1000,
      createJoiner: wholeLines,
    });
    const failing = source.run({ deliver: () => Promise.reject(new Error("the store cannot go on")) });
    await expect(failing).rejects.toThrow("the store cannot go on");
  });

  it("has its stack traces in one piece though the other output went quiet long ago", async () => {
    const { sink, ended } = program(
      `console.log("quiet from now on"); console.error("Error: no"); let n = 0;
       const timer = setInterval(() => { console.error(" at " + n); if (++n === 6) clearInterval(timer); }, 100)`,
      indentedLines,
    );
    await ended;
    const events = sink.batches.flatMap(({ lines }) => lines).filter(({ stream }) => stream === "stderr");
    expect(events.map(({ lines }) => lines)).toEqual([7]);
  });
});
