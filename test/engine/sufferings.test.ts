import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { requirement } from "../requirements.js";
import { CuttingProxy } from "./cutting-proxy.js";
import { connect, removeContainers, runContainer, runToEnd } from "./engine.js";
import { EngineProcess } from "./engine-process.js";
import { printLines } from "./lines.js";
import { COLLECT, SidecarProcess, type SidecarSpec } from "./sidecar.js";
import { filesBelow, firstBreak, type StoredRecord, storedRecords } from "./stored.js";

/** Prints a numbered line every 50 ms until it is stopped. */
const COUNTING = "i=0; trap 'exit 0' TERM; while true; do i=$((i+1)); echo \"count $i\"; sleep 0.05; done";

function counts(records: readonly StoredRecord[]): number[] {
  return records.flatMap(({ message }) => {
    const number = /^count (\d+)$/.exec(message ?? "")?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

function expectEachOnce(numbers: readonly number[], atLeast: number): void {
  expect(numbers.length).toBeGreaterThanOrEqual(atLeast);
  expect(firstBreak(numbers)).toEqual([]);
}

const enginePath = () =>
  (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace(/^unix:\/\//, "");

/** Each of these is something that users of other collectors report. */
describe.skipIf(requirement("engine").missing)("what makes users of other collectors suffer", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  const sidecars: SidecarProcess[] = [];

  const run = async (...args: Parameters<typeof runContainer>) => {
    const container = await runContainer(...args);
    made.push(container);
    return container;
  };
  const start = async (spec?: SidecarSpec) => {
    const sidecar = await SidecarProcess.start(spec);
    sidecars.push(sidecar);
    return sidecar;
  };
  const records = (sidecar: SidecarProcess, name: string) => storedRecords(sidecar.logDir, `raw/${name}`);
  const untilCounted = (sidecar: SidecarProcess, name: string, least: number) =>
    sidecar.until(
      `${least} lines of ${name}`,
      async () => counts(await records(sidecar, name)).length >= least,
    );

  afterEach(async () => {
    for (const sidecar of sidecars) await sidecar.stop();
    await removeContainers(made.splice(0));
  });
  afterAll(async () => {
    for (const { logDir } of sidecars) await rm(logDir, { recursive: true, force: true });
  });

  it("a restart of the collector loses nothing that was printed meanwhile", async () => {
    const name = "st-collector-restart";
    const first = await start();
    await run(docker, { name, script: COUNTING, labels: COLLECT });
    await untilCounted(first, name, 10);
    await first.kill();
    await sleep(1000);
    const second = await start({ logDir: first.logDir });
    await untilCounted(second, name, 40);
    await second.stop();
    expectEachOnce(counts(await records(second, name)), 40);
  });

  it("a cut stream does not replay what was read", async () => {
    const name = "st-cut";
    const proxy = await CuttingProxy.start(enginePath(), 0);
    const sidecar = await start({ env: { DOCKER_HOST: proxy.host } });
    await run(docker, { name, script: COUNTING, labels: COLLECT });
    for (const least of [10, 20, 30, 40]) {
      await untilCounted(sidecar, name, least);
      // Between two connections there is nothing to cut.
      await sidecar.until("a connection that can be cut", () => proxy.cutAll() > 0);
    }
    await untilCounted(sidecar, name, 50);
    await sidecar.stop();
    await proxy.close();
    expectEachOnce(counts(await records(sidecar, name)), 50);
  });

  it("a proxy that cuts quiet streams costs nothing", async () => {
    const name = "st-quiet";
    const proxy = await CuttingProxy.start(enginePath(), 700);
    const sidecar = await start({ env: { DOCKER_HOST: proxy.host } });
    const script = "i=0; while true; do i=$((i+1)); echo count $i; sleep 1.1; done";
    await run(docker, { name, script, labels: COLLECT });
    await untilCounted(sidecar, name, 5);
    await sidecar.stop();
    await proxy.close();
    expectEachOnce(counts(await records(sidecar, name)), 5);
  });

  it("stopping a container does not send its history again", async () => {
    const name = "st-stopped";
    const sidecar = await start();
    const container = await run(docker, { name, script: COUNTING, labels: COLLECT });
    await untilCounted(sidecar, name, 10);
    await container.stop({ t: 1 });
    await sleep(1000);
    expectEachOnce(counts(await records(sidecar, name)), 10);
  });

  it("a restarted container is followed again", async () => {
    const name = "st-again";
    const sidecar = await start();
    const container = await run(docker, { name, script: COUNTING, labels: COLLECT });
    await untilCounted(sidecar, name, 5);
    const before = counts(await records(sidecar, name)).length;
    await container.restart({ t: 1 });
    await untilCounted(sidecar, name, before + 10);
    const numbers = counts(await records(sidecar, name));
    const second = numbers.lastIndexOf(1);
    expect(second).toBeGreaterThanOrEqual(before);
    expectEachOnce(numbers.slice(0, second), 5);
    expectEachOnce(numbers.slice(second), 1);
  });

  it("short-lived containers are neither missed nor doubled", async () => {
    const sidecar = await start();
    await sidecar.until("it has started", () => sidecar.log.includes("connected"));
    const names = Array.from({ length: 12 }, (_, index) => `st-short-${index}`);
    const ended = await Promise.all(
      names.map((name) => runToEnd(docker, { name, script: "echo count 1; echo count 2", labels: COLLECT })),
    );
    made.push(...ended.map(({ container }) => container));
    for (const name of names) await untilCounted(sidecar, name, 2);
    await sleep(500);
    for (const name of names) expect(counts(await records(sidecar, name))).toEqual([1, 2]);
  });

  it("the last lines of a container that is removed by force are kept", async () => {
    const name = "st-removed";
    const sidecar = await start();
    const script = "i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo count $i; done; touch /done; sleep 60";
    const container = await run(docker, { name, script, labels: COLLECT });
    await untilCounted(sidecar, name, 1);
    await sleep(200);
    await container.remove({ force: true });
    await sidecar.until("its end is told", () => sidecar.log.includes("is gone and read to its end"));
    await untilCounted(sidecar, name, 200);
    expectEachOnce(counts(await records(sidecar, name)), 200);
  });

  it("following goes on after log rotation", async () => {
    const name = "st-follow-rotation";
    const sidecar = await start();
    await sidecar.until("it has started", () => sidecar.log.includes("connected"));
    const logOptions = { "max-size": "300k", "max-file": "5" };
    await run(docker, {
      name,
      script: `${printLines({ count: 4000, perSecond: 2000 })}; ${COUNTING}`,
      logOptions,
      labels: COLLECT,
    });
    await untilCounted(sidecar, name, 20);
    const stored = await records(sidecar, name);
    const numbers = stored.flatMap(({ data }) => (typeof data?.["n"] === "number" ? [data["n"]] : []));
    expect(firstBreak(numbers)).toEqual([]);
    expect(numbers).toHaveLength(4000);
    expectEachOnce(counts(stored), 20);
  });

  it("lines of standard error are not glued into a long line of standard output", async () => {
    const name = "st-glued";
    const sidecar = await start();
    const script = [
      "(for i in 1 2 3 4 5 6; do head -c 100000 /dev/zero | tr '\\0' o; echo; done) &",
      "for i in $(seq 1 300); do echo error-$i >&2; done; wait; echo finished",
    ].join(" ");
    await run(docker, { name, script, labels: COLLECT });
    await sidecar.until("all lines", async () => (await records(sidecar, name)).length >= 307);
    const stored = await records(sidecar, name);
    expect(stored.filter(({ stream }) => stream === "stderr").map(({ message }) => message)).toEqual(
      Array.from({ length: 300 }, (_, index) => `error-${index + 1}`),
    );
    expect(stored.filter(({ message }) => message === "o".repeat(100_000))).toHaveLength(6);
  });

  it("output files do not grow for ever", async () => {
    const name = "st-growing";
    const sidecar = await start({ env: { SIDECAR_SEGMENT_SIZE: "100kB" } });
    await run(docker, { name, script: printLines({ count: 3000 }), labels: COLLECT });
    await sidecar.until("all lines", async () => (await records(sidecar, name)).length === 3000);
    const stored = await records(sidecar, name);
    expect(firstBreak(stored.map(({ data }) => Number(data?.["n"])))).toEqual([]);
    expect((await filesBelow(`${sidecar.logDir}/raw/${name}`)).length).toBeGreaterThan(5);
  });

  it("a reload does not hang, and SIGTERM is heard under load", async () => {
    const name = "st-reload";
    const sidecar = await start();
    await run(docker, { name, script: printLines({ count: 200_000 }), labels: COLLECT });
    await sidecar.until("lines", async () => (await filesBelow(`${sidecar.logDir}/raw/${name}`)).length > 0);
    for (let turn = 0; turn < 3; turn += 1) {
      process.kill(sidecar.pid, "SIGHUP");
      await sleep(100);
    }
    await sidecar.until("a reload", () => sidecar.log.includes("SIGHUP"));
    const before = Date.now();
    expect(await sidecar.stop()).toBe(0);
    expect(Date.now() - before).toBeLessThan(8_000);
    const stored = await records(sidecar, name);
    expect(firstBreak(stored.map(({ data }) => Number(data?.["n"])))).toEqual([]);
  });

  it("two sidecars do not share a volume", async () => {
    const first = await start();
    await first.until("it has started", () => first.log.includes("the sidecar has started"));
    const second = await start({ logDir: first.logDir });
    await second.ended();
    expect(await second.stop()).toBe(1);
    expect(second.log).toContain("VOLUME_LOCKED");
    expect(first.running).toBe(true);
  });

  it("reads 24 containers at once", async () => {
    const names = Array.from({ length: 24 }, (_, index) => `st-many-${index}`);
    const sidecar = await start();
    for (let from = 0; from < names.length; from += 10) {
      await Promise.all(
        names
          .slice(from, from + 10)
          .map((name) =>
            run(docker, { name, script: "for i in 1 2 3; do echo count $i; done", labels: COLLECT }),
          ),
      );
    }
    for (const name of names) await untilCounted(sidecar, name, 3);
    for (const name of names) expect(counts(await records(sidecar, name))).toEqual([1, 2, 3]);
  });

  describe.skipIf(requirement("private-engine").missing)("with an engine of its own", () => {
    let engine: EngineProcess | undefined;
    afterAll(async () => {
      await engine?.close();
    });

    it("collecting begins when the engine starts later, and goes on after it was stopped and killed", async () => {
      const name = "st-engine";
      engine = await EngineProcess.launch({ network: "own", flags: ["--live-restore"] });
      await engine.stop();
      const sidecar = await start({ env: { DOCKER_HOST: engine.host } });
      await sidecar.until("it says that there is no engine", () => sidecar.log.includes("ENGINE_ABSENT"));
      await engine.start();
      await runContainer(connect(engine.socketPath), { name, script: COUNTING, labels: COLLECT });
      await untilCounted(sidecar, name, 10);
      await engine.kill();
      await sleep(500);
      await engine.start();
      const before = counts(await records(sidecar, name)).length;
      await untilCounted(sidecar, name, before + 20);
      await engine.stop();
      await engine.start();
      const between = counts(await records(sidecar, name)).length;
      await untilCounted(sidecar, name, between + 20);
      await sidecar.stop();
      const numbers = counts(await records(sidecar, name));
      expect(new Set(numbers).size).toBe(numbers.length);
      const held = await connect(engine.socketPath).getContainer(name).logs({ follow: false, stdout: true });
      const last = numbers.at(-1) ?? 0;
      const printed = [...held.toString("latin1").matchAll(/count (\d+)/g)].map(([, number]) =>
        Number(number),
      );
      expect(numbers).toEqual(printed.filter((number) => number <= last));
    });
  });
});
