import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { at, logFolder, pathsIn, retentionOf } from "./files.js";

/** As a disk on which a folder has no room as long as this file is there. */
const IN_THE_WAY = "raw/web/log_2026-06-20.jsonl.gz";

vi.mock("node:fs/promises", async (importActual) => {
  const actual = await importActual<typeof import("node:fs/promises")>();
  return {
    ...actual,
    mkdir: async (path: string, mode: object) => {
      const logDir = path.slice(0, path.indexOf("/.sidecar"));
      if (!existsSync(join(logDir, IN_THE_WAY))) return actual.mkdir(path, mode);
      throw Object.assign(new Error(`no space left on device, mkdir '${path}'`), { code: "ENOSPC" });
    },
  };
});

it("a disk without room for the folder of unfinished files gets room, and then files are compressed", async () => {
  const logDir = logFolder({
    [IN_THE_WAY]: randomBytes(100_000),
    "raw/web/log_2026-06-26.jsonl": "the same line again\n".repeat(5000),
    "raw/web/log_2026-06-27.jsonl": "the same line again\n".repeat(5000),
    "raw/web/log_2026-06-30.jsonl": "today\n",
  });
  const readSpace = async () => ({ sizeBytes: 1e6, freeBytes: 50_000 });
  const options = { ...at("2026-06-30"), targetPercent: 80 };
  const report = await retentionOf(logDir, { readSpace }).cleanUp(options);
  expect(report).toMatchObject({ reached: true, failures: [] });
  expect(pathsIn(logDir)).toEqual([
    "raw/web/log_2026-06-26.jsonl.gz",
    "raw/web/log_2026-06-27.jsonl",
    "raw/web/log_2026-06-30.jsonl",
  ]);
});
