import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config/load.js";
import { flagOf, variableOf } from "../../src/config/schema.js";
import { SidecarError } from "../../src/core/errors.js";

const nothing = { env: {}, flags: {}, configFile: undefined };

function refusal(run: () => unknown): SidecarError {
  try {
    run();
  } catch (error) {
    if (error instanceof SidecarError) return error;
  }
  throw new Error("it was not refused");
}

describe("settings", () => {
  it("has a default for everything", () => {
    expect(loadSettings(nothing)).toMatchObject({
      logDir: "/app/logs",
      segmentSize: 64e6,
      flushInterval: 60_000,
    });
  });

  it("names one setting in three ways", () => {
    expect([variableOf("segmentSize"), flagOf("segmentSize")]).toEqual([
      "SIDECAR_SEGMENT_SIZE",
      "--segment-size",
    ]);
  });

  it("lets flags decide over the environment, and that over the file", () => {
    const configFile = join(mkdtempSync(join(tmpdir(), "settings-")), "sidecar.yaml");
    writeFileSync(configFile, "since: now\nmaxNames: 7\nbatchSize: 3\n");
    const env = { SIDECAR_MAX_NAMES: "8", SIDECAR_BATCH_SIZE: "4", TZ: "Europe/Berlin" };
    const settings = loadSettings({ env, flags: { batchSize: "5" }, configFile });
    expect(settings).toMatchObject({ since: "now", maxNames: 8, batchSize: 5, timeZone: "Europe/Berlin" });
  });

  it("hears v1.0's name of the log folder, and its own name over it", () => {
    expect(loadSettings({ ...nothing, env: { ONNX_UNIFIED_LOG_DIR: "/a" } }).logDir).toBe("/a");
    const env = { ONNX_UNIFIED_LOG_DIR: "/a", SIDECAR_LOG_DIR: "/b" };
    expect(loadSettings({ ...nothing, env }).logDir).toBe("/b");
  });

  it("takes an empty variable for an absent one", () => {
    expect(loadSettings({ ...nothing, env: { SIDECAR_SCOPE: "" } }).scope).toBeUndefined();
  });

  it("tells all that is wrong at once, with what was meant", () => {
    const env = { SIDECAR_SINCE: "yesterday", SIDECAR_SEGMENT_SIZ: "1MB", SIDECAR_BATCH_SIZE: "0" };
    const error = refusal(() => loadSettings({ ...nothing, env }));
    expect(error).toMatchObject({ code: "SETTINGS_INVALID", exit: 78 });
    expect(error.detail).toContain("SIDECAR_SINCE=yesterday");
    expect(error.detail).toContain("did you mean SIDECAR_SEGMENT_SIZE?");
    expect(error.detail).toContain("SIDECAR_BATCH_SIZE=0");
  });

  it("refuses a file that is named but not there, and one that is no map", () => {
    expect(refusal(() => loadSettings({ ...nothing, configFile: "/none/sidecar.yaml" })).detail).toContain(
      "/none/",
    );
    const configFile = join(mkdtempSync(join(tmpdir(), "settings-")), "sidecar.yaml");
    writeFileSync(configFile, "- a\n");
    expect(refusal(() => loadSettings({ ...nothing, configFile })).detail).toContain("expected a map");
  });
});
