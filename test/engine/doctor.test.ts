import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config/load.js";
import { examine } from "../../src/doctor/doctor.js";
import { requirement } from "../requirements.js";
import { connect, removeContainers, runContainer } from "./engine.js";
import { COLLECT } from "./sidecar.js";

const ROTATED = { "max-size": "50m", "max-file": "4" };

describe.skipIf(requirement("engine").missing)("doctor on a real engine", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  let logDir = "";
  afterAll(async () => {
    await removeContainers(made);
    await rm(logDir, { recursive: true, force: true });
  });

  it("names the siblings whose lines can't be had or may be lost, and no others", async () => {
    const run = async (name: string, driver: string, options: Record<string, string>) => {
      made.push(
        await runContainer(docker, {
          name,
          script: "echo here; sleep 600",
          labels: COLLECT,
          logDriver: driver,
          logOptions: options,
        }),
      );
    };
    await run("st-doctor-mute", "none", {});
    await run("st-doctor-leaky", "json-file", { ...ROTATED, mode: "non-blocking" });
    await run("st-doctor-endless", "json-file", {});
    await run("st-doctor-well", "json-file", ROTATED);
    logDir = await mkdtemp(join(tmpdir(), "doctor-"));
    const env = {
      SIDECAR_LOG_DIR: logDir,
      SIDECAR_SCOPE: "labelled",
      SIDECAR_DISK_HIGH: "99",
      ...(process.env["DOCKER_HOST"] && { DOCKER_HOST: process.env["DOCKER_HOST"] }),
    };
    const settings = loadSettings({ env, flags: {}, configFile: undefined });
    const report = await examine({ settings, rulesDir: "rules", env, wasRoot: false, quietMs: 500 });
    const found = report.findings
      .map(({ id, what }) => [id, /st-doctor-\w+/.exec(what)?.[0]])
      .filter(([, name]) => name !== undefined)
      .sort();
    expect(found).toEqual([
      ["driver-unreadable", "st-doctor-mute"],
      ["no-rotation", "st-doctor-endless"],
      ["non-blocking", "st-doctor-leaky"],
    ]);
    expect(report.ok).toBe(false);
    expect(report.facts["engine"]).toMatch(/^Docker Engine \d/);
  });
});
