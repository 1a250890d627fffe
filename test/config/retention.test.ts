import { describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config/load.js";
import { DEFAULT_POLICY } from "../../src/config/retention.js";

function load(env: Record<string, string>) {
  return loadSettings({ env, flags: {}, configFile: undefined });
}

describe("the retention policy", () => {
  it("is version 1.0's where nothing is said", () => {
    expect(load({}).retention).toEqual(DEFAULT_POLICY);
  });

  it("is changed age by age", () => {
    const { retention } = load({
      SIDECAR_RETENTION: "{raw: {delete: 2w}, training: {compress: never, delete: 5y}}",
    });
    expect(retention).toEqual({
      ...DEFAULT_POLICY,
      raw: { compress: 1, archive: 3, delete: 14 },
      training: { compress: undefined, archive: 90, delete: 1825 },
    });
  });

  it.each([
    ["{raw: {delete: 0d}}", "raw.delete: expected days, weeks or years such as 7d, 2w or 1y, or never"],
    ["{raw: {delete: 12h}}", "raw.delete: expected days"],
    ["{raw: {delete: 7}}", "raw.delete: expected days"],
    ["3", "expected ages by category, such as {raw: {delete: 14d}, summary: {delete: 90d}}"],
    ["{raw: 3}", "raw: expected a map of ages such as {compress: 1d, archive: 3d, delete: 7d}"],
    ["{tagged: 3}", "tagged: expected a map of ages such as {compress: 90d, archive: 365d}"],
    ["{raw: {drop: 7d}}", '"drop"'],
    ["{rwa: {delete: 7d}}", '"rwa"'],
    ["{tagged: {delete: 7d}}", "how long tagged records are kept is said by the rules"],
  ])("refuses %s", (text, said) => {
    expect(() => load({ SIDECAR_RETENTION: text })).toThrow(said);
  });
});

describe("the limits of the disk", () => {
  it("are read with and without their signs", () => {
    expect(
      load({
        SIDECAR_DISK_HIGH: "90%",
        SIDECAR_DISK_TARGET: "70.5",
        SIDECAR_MAX_SIZE: "20GB",
        SIDECAR_FLOOR: "1w",
      }),
    ).toMatchObject({
      diskHigh: 90,
      diskTarget: 70.5,
      maxSize: 20e9,
      floor: 7,
    });
  });

  it.each([
    ["SIDECAR_DISK_HIGH", "0"],
    ["SIDECAR_DISK_HIGH", "100%"],
    ["SIDECAR_DISK_TARGET", "much"],
    ["SIDECAR_FLOOR", "1h"],
    ["SIDECAR_RETENTION_CRON", "hourly"],
    ["SIDECAR_RETENTION_CRON", "* * *"],
  ])("%s=%s is refused", (variable, value) => {
    expect(() => load({ [variable]: value })).toThrow(`${variable}=${value}: expected`);
  });

  it.each(["0 * * * *", "*/15 2-4 * * mon,fri", "off"])("SIDECAR_RETENTION_CRON=%s is taken", (value) => {
    expect(load({ SIDECAR_RETENTION_CRON: value }).retentionCron).toBe(value);
  });
});
