import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { afterAll, describe, expect, it } from "vitest";
import { requirement } from "../requirements.js";
import { type ContainerSpec, connect, removeContainers, runContainer } from "./engine.js";
import { COLLECT, SidecarProcess } from "./sidecar.js";
import { storedRecords } from "./stored.js";

const TRACE = String.raw`printf 'Traceback (most recent call last):\n  File "app.py", line 1, in <module>\nValueError: no price\n' >&2`;

/** What an app prints and then hangs, and how many records that is. */
const SCRIPTS = [
  { what: "a trace behind a line", script: `echo '{"n":0}'; ${TRACE}`, records: 2 },
  { what: "three lines", script: "for n in 1 2 3; do echo line $n; done", records: 3 },
  { what: "both streams", script: "echo out; echo err >&2; echo out; echo err >&2", records: 4 },
];

const LOGS: readonly Partial<ContainerSpec>[] = [
  { logDriver: "json-file", logOptions: { "max-size": "10m" } },
  { logDriver: "local" },
  { logDriver: "json-file", logOptions: { "max-size": "10m" }, tty: true },
];

describe.skipIf(requirement("engine").missing)("the last words of containers that print nothing more", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  let sidecar: SidecarProcess | undefined;

  afterAll(async () => {
    await sidecar?.stop();
    await removeContainers(made);
    if (sidecar) await rm(sidecar.logDir, { recursive: true, force: true });
  });

  it("are stored soon after the sidecar's start, and their logs are not read again and again", async () => {
    const specs = LOGS.flatMap((log, index) =>
      SCRIPTS.map(({ script, records }, number) => ({
        name: `st-last-${index}-${number}`,
        script: `${script}; sleep 1000`,
        labels: COLLECT,
        records,
        ...log,
      })),
    );
    made.push(...(await Promise.all(specs.map((spec) => runContainer(docker, spec)))));
    // Older than a second, which says nothing of the stream that brings them.
    await sleep(1_500);
    sidecar = await SidecarProcess.start({ env: { SIDECAR_LOG_LEVEL: "debug" } });
    const { logDir } = sidecar;
    const stored = async () => {
      const names = (await storedRecords(logDir)).map(({ container }) => container);
      return specs.map(({ name }) => names.filter((other) => other === name).length);
    };
    const wanted = specs.map(({ records }) => records);
    // Two seconds on a machine with nothing else to do.
    await sidecar.until("all is stored", async () => String(await stored()) === String(wanted), 10_000);
    await sleep(500);
    expect(await stored()).toEqual(wanted);
    expect(sidecar.log).not.toContain("reading a snapshot instead of following");
    expect(await sidecar.stop()).toBe(0);
  });
});
