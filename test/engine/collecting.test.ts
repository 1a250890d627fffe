import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Verdict } from "../../src/cli/stored-counts.js";
import { requirement } from "../requirements.js";
import { connect, removeContainers, runContainer, runToEnd } from "./engine.js";
import { COLLECT, SidecarProcess, until } from "./sidecar.js";
import { type StoredRecord, storedRecords } from "./stored.js";

const ENGINE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;

/** Prints the lengths at which the engine cuts lines, on both streams, and ends without a newline. */
const LONG_LINES = [
  "of() { head -c $1 /dev/zero | tr '\\0' $2; }",
  "echo begin",
  "echo to-stderr >&2",
  "of 16383 a; echo",
  "of 16384 b; echo",
  "of 16385 c; echo",
  "of 32768 d; echo",
  "of 40000 e; echo",
  "echo",
  "printf 'grün €\\n'",
  "printf end",
].join("; ");

const EXPECTED = [
  "begin",
  "a".repeat(16383),
  "b".repeat(16384),
  "c".repeat(16385),
  "d".repeat(32768),
  "e".repeat(40000),
  "",
  "grün €",
  "end",
];

describe.skipIf(requirement("engine").missing)("collecting from a real engine", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  let sidecar: SidecarProcess;

  const run = async (...args: Parameters<typeof runContainer>) => {
    const container = await runContainer(...args);
    made.push(container);
    return container;
  };

  async function recordsOf(name: string): Promise<StoredRecord[]> {
    return (await storedRecords(sidecar.logDir)).filter((record) => record.container === name);
  }

  async function untilStored(name: string, count: number): Promise<StoredRecord[]> {
    await sidecar.until(`${count} records of ${name}`, async () => (await recordsOf(name)).length >= count);
    // What would be too many has time to show itself.
    await sleep(300);
    const records = await recordsOf(name);
    expect(records).toHaveLength(count);
    return records;
  }

  /** What `verify` says of a container; its exit status can speak of others. */
  async function verdictOf(name: string): Promise<Verdict | undefined> {
    const verify = ["dist/main.js", "verify", "--json", "--log-dir", sidecar.logDir];
    const { stdout } = await promisify(execFile)(process.execPath, verify).catch((failed) => failed);
    const verdicts: Verdict[] = JSON.parse(stdout);
    return verdicts.find(({ container }) => container === name);
  }

  beforeAll(async () => {
    // One that stopped before anybody looked.
    const early = await runToEnd(docker, { name: "st-early", script: "echo early", labels: COLLECT });
    made.push(early.container);
    sidecar = await SidecarProcess.start();
    await sidecar.until("it has started", () => sidecar.log.includes("connected to the Docker Engine"));
  });

  afterAll(async () => {
    await sidecar?.stop();
    await removeContainers(made);
    if (sidecar) await rm(sidecar.logDir, { recursive: true, force: true });
  });

  for (const logDriver of ["json-file", "local"]) {
    it(`reads whole lines of every length under ${logDriver}`, async () => {
      const name = `st-long-${logDriver}`;
      await run(docker, { name, script: LONG_LINES, logDriver, labels: COLLECT });
      const records = await untilStored(name, EXPECTED.length + 1);
      const out = records.filter((record) => record.stream === "stdout");
      expect(out.map((record) => record.message)).toEqual(EXPECTED);
      expect(records.filter((record) => record.stream === "stderr").map(({ message }) => message)).toEqual([
        "to-stderr",
      ]);
      for (const record of records) expect(record.ts).toMatch(ENGINE_TIME);
    });

    it(`reads a TTY under ${logDriver}`, async () => {
      const name = `st-tty-${logDriver}`;
      await run(docker, { name, script: LONG_LINES, tty: true, logDriver, labels: COLLECT });
      const records = await untilStored(name, EXPECTED.length + 1);
      const printed = [...EXPECTED.slice(0, 1), "to-stderr", ...EXPECTED.slice(1)];
      expect(records.map((record) => record.message)).toEqual(printed);
    });
  }

  it("reads what a container printed that stopped before the sidecar started", async () => {
    const [record] = await untilStored("st-early", 1);
    expect(record).toMatchObject({
      message: "early",
      component: "st-early",
      stream: "stdout",
      level: "info",
    });
  });

  it("keeps the engine's timestamp to the nanosecond", async () => {
    const container = await run(docker, { name: "st-time", script: "echo one; echo two", labels: COLLECT });
    const records = await untilStored("st-time", 2);
    const log = await container.logs({ follow: false, stdout: true, timestamps: true });
    const times = [...log.toString("latin1").matchAll(/\d{4}-\d\d-\d\dT[\d:]{8}\.\d{9}Z/g)].map(
      ([time]) => time,
    );
    expect(records.map((record) => record.ts)).toEqual(times);
  });

  it("follows a container through a restart, and reads each line once", async () => {
    const script = "echo started; trap 'exit 0' TERM; while true; do sleep 0.1; done";
    const container = await run(docker, { name: "st-restarted", script, labels: COLLECT });
    await untilStored("st-restarted", 1);
    await container.restart({ t: 2 });
    await untilStored("st-restarted", 2);
    await container.stop({ t: 2 });
    await container.start();
    const records = await untilStored("st-restarted", 3);
    expect(new Set(records.map((record) => record.ts)).size).toBe(3);
  });

  it("reads a container that lives for two seconds and is removed by the engine", async () => {
    const script = "for i in 1 2 3 4; do echo line $i; sleep 0.5; done; echo last words";
    await runContainer(docker, { name: "st-brief", script, autoRemove: true, labels: COLLECT });
    const records = await untilStored("st-brief", 5);
    expect(records.at(-1)?.message).toBe("last words");
  });

  it("tells a renamed container by its new name", async () => {
    const script = "echo before; while [ ! -e /go ]; do sleep 0.1; done; echo after; sleep 60";
    const container = await run(docker, { name: "st-old-name", script, labels: COLLECT });
    await untilStored("st-old-name", 1);
    await container.rename({ name: "st-new-name" });
    await sleep(500);
    const go = await container.exec({ Cmd: ["touch", "/go"] });
    await go.start({});
    const [record] = await untilStored("st-new-name", 1);
    expect(record?.message).toBe("after");
  });

  it("sorts by the rules: security events to tagged, inferences to a table and raw", async () => {
    const lines = [
      '{"event_type":"auth_failure","attempts":7,"user":"root"}',
      '{"component":"onnx_sentiment","event_type":"inference","confidence":0.85,"inference_time":0.15,"model_version":"v2"}',
    ];
    const script = lines.map((line) => `echo '${line}'`).join("; ");
    await run(docker, { name: "st-sorted", script, labels: COLLECT });
    const [inference] = await untilStored("st-sorted", 1);
    expect(inference).toMatchObject({ component: "onnx_sentiment", rule: "onnx-inference" });
    expect(inference?.data).toEqual(JSON.parse(lines[1] ?? ""));
    const tagged = await storedRecords(sidecar.logDir, "tagged");
    expect(tagged.filter((record) => record.container === "st-sorted")).toMatchObject([
      { rule: "login-brute-force", severity: "high" },
    ]);
  });

  it("hears labels and the variables of v1.0", async () => {
    const script = 'echo \'{"level":"info","message":"low"}\'; echo \'{"level":"error","message":"high"}\'';
    const labels = { ...COLLECT, "log-sidecar.component": "named/by label", "log-sidecar.level": "warn" };
    await run(docker, { name: "st-labels", script, labels });
    await run(docker, { name: "st-off", script, labels: { "log-sidecar.enable": "false" } });
    await run(docker, { name: "st-env", script, labels: COLLECT, env: { ONNX_LOG_LEVEL: "ERROR" } });
    const [record] = await untilStored("st-labels", 1);
    expect(record).toMatchObject({ message: "high", component: "named/by label" });
    await untilStored("st-env", 1);
    expect(await recordsOf("st-off")).toEqual([]);
  });

  it("names a container whose log driver cannot be read, once, and collects the others", async () => {
    await run(docker, {
      name: "st-none",
      script: "echo unseen; sleep 60",
      logDriver: "none",
      labels: COLLECT,
    });
    await sidecar.until("it is named", () => sidecar.log.includes("LOG_DRIVER_UNREADABLE"));
    await run(docker, { name: "st-other", script: "echo seen", labels: COLLECT });
    await untilStored("st-other", 1);
    expect(sidecar.log.match(/LOG_DRIVER_UNREADABLE/g)).toHaveLength(2); // the code and the message of one line
  });

  it("finds the lines of a renamed container under both of its names", async () => {
    await until("its lines are old enough to be looked for", async () => {
      const verdict = await verdictOf("st-new-name");
      expect(verdict).toMatchObject({ missing: [], doubleCount: 0 });
      return verdict?.held === 2;
    });
  });

  it("reads lines again as they were read, though the engine holds no longer those that taught their form", async () => {
    const script = [
      "trap 'go=1' USR1",
      'for n in $(seq 20); do echo "2026-11-29 09:00:00 INFO shop: paid $n"; done',
      'while [ -z "$go" ]; do sleep 0.1; done',
      // A log of one file is emptied when it is full: these lines push out the first ones, and teach nothing.
      `for n in $(seq 100); do printf '{"n":%d,"x":"' $n; head -c 500 /dev/zero | tr '\\0' y; echo '"}'; done`,
      ...["a", "b", "c"].map(
        (id) => `echo '2026-11-29 09:00:01 WARN shop: table ${id}'; echo 'id price'; echo '7  12.50'`,
      ),
    ].join("\n");
    const logOptions = { "max-size": "20k", "max-file": "1" };
    const shop = await run(docker, { name: "st-learned", script, labels: COLLECT, logOptions });
    await sidecar.until("its form is known", async () => (await recordsOf("st-learned")).length >= 20);
    await shop.kill({ signal: "SIGUSR1" });
    const table = "table c\nid price\n7  12.50";
    await sidecar.until("the last table is one record", async () =>
      (await recordsOf("st-learned")).some(({ message }) => message === table),
    );
    await until("its lines are old enough to be looked for", async () => {
      const verdict = await verdictOf("st-learned");
      expect(verdict).toMatchObject({ missing: [], doubleCount: 0 });
      return (verdict?.held ?? 0) > 0;
    });
  });

  it("survives hostile lines, and keeps names inside the log folder", async () => {
    const script = [
      `echo '{"__proto__":{"polluted":true},"component":"../../etc/passwd","message":"proto"}'`,
      `echo '{"broken":'`,
      `printf '\\377\\376\\001\\000binary\\n'`,
      `(head -c 100000 /dev/zero | tr '\\0' '['; head -c 100000 /dev/zero | tr '\\0' ']'; echo)`,
      "(head -c 50000000 /dev/zero | tr '\\0' 'x'; echo)",
      "echo fine",
    ].join("; ");
    await run(docker, { name: "st-hostile", script, labels: COLLECT });
    const records = await untilStored("st-hostile", 6);
    const cut = records.filter((record) => record.truncated);
    expect(cut.map((record) => record.message?.length)).toEqual([1_000_000]);
    expect(records.some((record) => record.message === "fine")).toBe(true);
    expect(records.every((record) => record.level !== "undefined")).toBe(true);
  });

  it("drains and commits on SIGTERM", async () => {
    expect(await sidecar.stop()).toBe(0);
    expect(sidecar.log).toContain("everything that was read is committed");
  });
});
