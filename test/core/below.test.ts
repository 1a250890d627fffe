import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { below, isBelow, openBelow } from "../../src/core/below.js";

describe("isBelow", () => {
  it.each(["a", "a/b", "a/..b", ".sidecar/x", "a/b..", "..."])("%s stays below", (path) =>
    expect(isBelow(path)).toBe(true),
  );
  it.each(["", ".", "..", "../a", "/a", "a/../b", "a/..", "a//b", "a/", "./a", "a/./b", "a\0b"])(
    "%j may not",
    (path) => expect(isBelow(path)).toBe(false),
  );
});

describe("below", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "below-"));
    mkdirSync(join(root, "logs/raw"), { recursive: true });
    mkdirSync(join(root, "outside"));
    symlinkSync(join(root, "outside"), join(root, "logs/linked"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("goes to what is there, by a root that is a link too", async () => {
    symlinkSync(join(root, "logs"), join(root, "link"));
    await below(join(root, "link"), "raw/a", (reach) => writeFile(reach, "text"));
    expect(readFileSync(join(root, "logs/raw/a"), "utf8")).toBe("text");
  });

  it("stays on its way when a folder on it is swapped for a link meanwhile", async () => {
    await below(join(root, "logs"), "raw/a", async (reach) => {
      rmSync(join(root, "logs/raw"), { recursive: true });
      symlinkSync(join(root, "outside"), join(root, "logs/raw"));
      await expect(writeFile(reach, "text")).rejects.toMatchObject({ code: "ENOENT" });
    });
    expect(() => readFileSync(join(root, "outside/a"))).toThrow();
  });

  it.each<[string, string]>([
    ["linked/a", "ENOTDIR"],
    ["missing/a", "ENOENT"],
    ["../outside/a", "EINVAL"],
  ])("refuses %s with %s, by its real name", async (path, code) => {
    const refused = below(join(root, "logs"), path, (reach) => writeFile(reach, "text"));
    await expect(refused).rejects.toMatchObject({ code });
    await expect(refused).rejects.not.toThrow("/proc/self/fd");
  });

  it("opens no link and no folder as a file", async () => {
    writeFileSync(join(root, "outside/secret"), "secret");
    symlinkSync(join(root, "outside/secret"), join(root, "logs/raw/a"));
    await expect(openBelow(join(root, "logs"), "raw/a")).rejects.toMatchObject({ code: "ELOOP" });
    await expect(openBelow(join(root, "logs"), "raw")).rejects.toMatchObject({ code: "ENXIO" });
  });
});
