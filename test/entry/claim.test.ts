import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claimLogDir } from "../../src/entry/claim.js";
import { requirement } from "../requirements.js";

const owner = { uid: 10001, gid: 10001 };

describe.skipIf(requirement("root").missing)("claimLogDir", () => {
  let outside = "";
  let logs = "";
  beforeEach(() => {
    outside = mkdtempSync(join(tmpdir(), "claim-"));
    logs = join(outside, "logs");
    mkdirSync(logs);
  });
  afterEach(() => rmSync(outside, { recursive: true, force: true }));

  function ownerOf(path: string): string {
    const { uid, gid } = lstatSync(path);
    return `${uid}:${gid}`;
  }

  it("hands over the folder and everything in it that belongs to root", () => {
    mkdirSync(join(logs, "raw/web"), { recursive: true });
    writeFileSync(join(logs, "raw/web/log_2026-01-31.jsonl"), "");
    expect(claimLogDir(logs, owner)).toEqual({ changed: 4, failed: [] });
    for (const path of [".", "raw", "raw/web", "raw/web/log_2026-01-31.jsonl"]) {
      expect(ownerOf(join(logs, path))).toBe("10001:10001");
    }
  });

  it("changes nothing the second time", () => {
    writeFileSync(join(logs, "file"), "");
    claimLogDir(logs, owner);
    expect(claimLogDir(logs, owner)).toEqual({ changed: 0, failed: [] });
  });

  it("makes a folder that is missing", () => {
    expect(claimLogDir(join(logs, "deeper/still"), owner).failed).toEqual([]);
    expect(ownerOf(join(logs, "deeper/still"))).toBe("10001:10001");
  });

  it("leaves what belongs to somebody else", () => {
    mkdirSync(join(logs, "theirs"));
    writeFileSync(join(logs, "theirs/file"), "");
    chownSync(join(logs, "theirs"), 1000, 1000);
    chownSync(join(logs, "theirs/file"), 1000, 1000);
    claimLogDir(logs, owner);
    expect(ownerOf(join(logs, "theirs"))).toBe("1000:1000");
    expect(ownerOf(join(logs, "theirs/file"))).toBe("1000:1000");
  });

  it("opens a log folder of somebody else to the group and leaves it theirs", () => {
    chmodSync(logs, 0o755);
    chownSync(logs, 1000, 1000);
    expect(claimLogDir(logs, owner)).toEqual({ changed: 1, failed: [] });
    expect(ownerOf(logs)).toBe("1000:10001");
    expect(statSync(logs).mode & 0o7777).toBe(0o775);
    expect(claimLogDir(logs, owner).changed).toBe(0);
  });

  it("changes no link, nor what it points to", () => {
    writeFileSync(join(outside, "secret"), "");
    mkdirSync(join(outside, "folder"));
    writeFileSync(join(outside, "folder/file"), "");
    symlinkSync("../secret", join(logs, "to-file"));
    symlinkSync("../folder", join(logs, "to-folder"));
    claimLogDir(logs, owner);
    expect(ownerOf(join(logs, "to-file"))).toBe("0:0");
    expect(ownerOf(join(outside, "secret"))).toBe("0:0");
    expect(ownerOf(join(outside, "folder"))).toBe("0:0");
    expect(ownerOf(join(outside, "folder/file"))).toBe("0:0");
  });

  it("leaves a file that has another name elsewhere", () => {
    writeFileSync(join(outside, "secret"), "");
    linkSync(join(outside, "secret"), join(logs, "innocent"));
    claimLogDir(logs, owner);
    expect(ownerOf(join(outside, "secret"))).toBe("0:0");
  });

  it("takes a log folder that is itself a link", () => {
    symlinkSync("logs", join(outside, "link"));
    expect(claimLogDir(join(outside, "link"), owner).changed).toBe(1);
    expect(ownerOf(logs)).toBe("10001:10001");
  });

  it("says what it could not change and goes on", () => {
    const file = join(outside, "file");
    writeFileSync(file, "");
    expect(claimLogDir(file, owner)).toEqual({ changed: 0, failed: [{ path: file, code: "EEXIST" }] });
  });
});
