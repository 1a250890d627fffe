import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requirement } from "../requirements.js";
import { connect, removeContainers, runContainer } from "./engine.js";
import { printLines } from "./lines.js";
import { COLLECT, SidecarProcess } from "./sidecar.js";
import { firstBreak, storedRecords } from "./stored.js";

const LINES = 20_000;

describe.skipIf(requirement("engine").missing || requirement("root").missing)("a full disk", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  let logDir: string;
  let sidecar: SidecarProcess | undefined;

  beforeEach(() => {
    logDir = mkdtempSync(join(tmpdir(), "full-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", logDir]);
  });

  afterEach(async () => {
    await sidecar?.kill();
    await removeContainers(made.splice(0));
    execFileSync("umount", ["-l", logDir]);
    rmSync(logDir, { recursive: true, force: true });
  });

  async function fillUp(name: string): Promise<SidecarProcess> {
    const filling = await SidecarProcess.start({ logDir });
    sidecar = filling;
    made.push(await runContainer(docker, { name, script: printLines({ count: LINES }), labels: COLLECT }));
    await filling.until("the full disk is told", () => filling.log.includes("DISK_FULL"));
    return filling;
  }

  async function expectAll(name: string): Promise<void> {
    execFileSync("mount", ["-o", "remount,size=64m", logDir]);
    const records = () => storedRecords(logDir, `raw/${name}`);
    await sidecar?.until("all lines", async () => (await records()).length >= LINES);
    expect(await sidecar?.stop()).toBe(0);
    const numbers = (await records()).map(({ data }) => Number(data?.["n"]));
    expect(firstBreak(numbers)).toEqual([]);
    expect(numbers).toHaveLength(LINES);
  }

  it("pauses collecting, tears nothing, and goes on when there is space", async () => {
    const name = "st-full";
    const filling = await fillUp(name);
    await sleep(1000);
    expect(filling.running).toBe(true);
    // Between two attempts to write, every file is whole: storedRecords throws for half a line.
    await filling.until("whole lines", async () => {
      const records = await storedRecords(logDir, `raw/${name}`).catch(() => undefined);
      return records !== undefined && records.length < LINES;
    });
    await expectAll(name);
  });

  it("loses and doubles nothing when it is killed while the disk is full", async () => {
    const name = "st-full-killed";
    const filling = await fillUp(name);
    await filling.kill();
    execFileSync("mount", ["-o", "remount,size=2m", logDir]);
    const second = await SidecarProcess.start({ logDir });
    sidecar = second;
    await second.until("the disk is full again", () => second.log.includes("DISK_FULL"));
    await expectAll(name);
  });
});
