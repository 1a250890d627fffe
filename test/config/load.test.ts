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

  it.each([
    ["warning", "warning", "warn"],
    ["WARN", "warning", "warn"],
    ["crit", "critical", "fatal"],
    ["Err", "error", "error"],
  ])("takes %s for a level, of records and of its own log", (word, level, logLevel) => {
    const env = { SIDECAR_LEVEL: word, SIDECAR_LOG_LEVEL: word };
    expect(loadSettings({ ...nothing, env })).toMatchObject({ level, logLevel });
    expect(loadSettings({ ...nothing, env: { SIDECAR_LOG_LEVEL: "silent" } }).logLevel).toBe("silent");
    const refused = refusal(() =>
      loadSettings({ ...nothing, env: { SIDECAR_LEVEL: "loud", SIDECAR_LOG_LEVEL: "loud" } }),
    );
    expect(refused.message).toMatch(/expected trace, debug, info, warning, error or critical/);
    expect(refused.message).toMatch(/expected trace, debug, info, warn, error, fatal or silent/);
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

  it("says what a value may be, for each kind of setting", () => {
    const env = {
      SIDECAR_BATCH_SIZE: "x",
      SIDECAR_SCOPE: "foo",
      SIDECAR_MAX_LINE: "1 mile",
      SIDECAR_TRAINING_AGE: "1",
    };
    const { detail } = refusal(() => loadSettings({ ...nothing, env }));
    expect(detail).toContain("SIDECAR_BATCH_SIZE=x: expected a whole number from 1 to 1000000\n");
    expect(detail).toContain("SIDECAR_SCOPE=foo: expected project, all or labelled\n");
    expect(detail).toContain(
      "SIDECAR_MAX_LINE=1 mile: expected a size from 1024 to 64000000 bytes, such as 64MB\n",
    );
    expect(detail).toContain(
      "SIDECAR_TRAINING_AGE=1: expected a duration from 1000 ms to 86400 s, such as 60s\n",
    );
  });

  it("says it for a value of another type in the file too", () => {
    const configFile = join(mkdtempSync(join(tmpdir(), "settings-")), "sidecar.yaml");
    writeFileSync(configFile, "maxLine: []\nflushInterval: 60\nbatchSize: [x]\n");
    const { detail } = refusal(() => loadSettings({ ...nothing, configFile }));
    expect(detail).toContain("maxLine=[]: expected a size");
    expect(detail).toContain("flushInterval=60: expected a duration");
    expect(detail).toContain('batchSize=["x"]: expected a whole number');
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

  it("takes lists as text, and from the file as they stand there", () => {
    const env = {
      SIDECAR_LOGSOURCES: "[{service: api, product: Django}, {image: nginx, category: webserver}]",
    };
    expect(loadSettings({ ...nothing, env }).logsources).toEqual([
      { service: "api", logsource: { product: "django" } },
      { image: "nginx", logsource: { category: "webserver" } },
    ]);
    const configFile = join(mkdtempSync(join(tmpdir(), "settings-")), "sidecar.yaml");
    writeFileSync(configFile, "logsources:\n  - service: api\n    sigmaService: audit\n");
    expect(loadSettings({ ...nothing, configFile }).logsources).toEqual([
      { service: "api", logsource: { service: "audit" } },
    ]);
  });

  it("puts the aliases that are given before the built-in ones", () => {
    const env = {
      SIDECAR_FIELD_ALIASES: "[{category: webserver, fields: {cs-uri: ['uri(p, q)', query(u)]}}]",
    };
    const [given, builtIn] = loadSettings({ ...nothing, env }).fieldAliases;
    expect(given).toEqual({
      logsource: { category: "webserver" },
      fields: {
        "cs-uri": [
          { take: "uri", fields: ["p", "q"] },
          { take: "query", fields: ["u"] },
        ],
      },
    });
    expect(builtIn?.logsource).toEqual({ category: "webserver" });
    expect(Object.keys(builtIn?.fields ?? {})).toContain("cs-uri-query");
  });

  it("says where in a list something is wrong", () => {
    const env = {
      SIDECAR_LOGSOURCES: "[{service: api}, {produkt: x, image: y}]",
      SIDECAR_FIELD_ALIASES: "[{category: webserver, fields: {c-ip: 'first(x)'}}, {service: sshd}]",
    };
    const { detail } = refusal(() => loadSettings({ ...nothing, env }));
    expect(detail).toContain(": 0: say what the containers are with `category`");
    expect(detail).toMatch(/: 1: .*produkt/);
    expect(detail).toContain("0.fields.c-ip: expected a field's name, path(FIELD)");
    expect(detail).toContain("1: names no field; write `fields` or `extract`");
    expect(refusal(() => loadSettings({ ...nothing, env: { SIDECAR_LOGSOURCES: "[" } })).detail).toContain(
      "SIDECAR_LOGSOURCES=[: ",
    );
  });
});
