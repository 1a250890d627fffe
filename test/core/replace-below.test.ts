import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replaceBelow } from "../../src/core/below.js";
import { readIndex, writeIndex } from "../../src/retention/index-file.js";
import { readLastRun, writeLastRun } from "../../src/retention/last-run.js";
import { INDEX, LAST_RUN } from "../../src/retention/places.js";
import { indexPath, writeIndexFile } from "../../src/search/index/index-file.js";
import { STATUS_PATH } from "../../src/status/life.js";
import { StatusWriter } from "../../src/status/status-writer.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";

let root = "";
let logDir = "";
let victim = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "replace-"));
  logDir = join(root, "logs");
  victim = join(root, "victim");
  writeFileSync(victim, "precious");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function plant(path: string, target = victim): void {
  mkdirSync(dirname(join(logDir, path)), { recursive: true });
  symlinkSync(target, join(logDir, path));
}

const untouched = () => expect(readFileSync(victim, "utf8")).toBe("precious");

const SEGMENT = "raw/api/log_2026-01-31.jsonl";
const NO_RECORDS = { bytes: 0, lines: 0, from: "", to: "", parts: [], filters: Buffer.alloc(0), counts: [] };
const RUN = { at: "", tookMs: 0, compressed: 0, archived: 0, deleted: 0, failed: 0, freedBytes: 0 };

async function writeStatus(): Promise<void> {
  const collect = async () => ({ stopped: true }) as never;
  await new StatusWriter({ logDir, collect, telemetry: silentTelemetry() }).stop();
}

/** What is written again and again below `.sidecar` beside the store's own. */
const WRITTEN: readonly [path: string, write: () => Promise<void>][] = [
  [STATUS_PATH, writeStatus],
  [LAST_RUN, () => writeLastRun(logDir, RUN)],
  [INDEX, () => writeIndex(logDir, { folders: {}, packed: {}, told: [] })],
  [indexPath(SEGMENT), () => writeIndexFile(logDir, SEGMENT, NO_RECORDS)],
];

describe.each(WRITTEN)("%s", (path, write) => {
  it.each(["", ".new", ".next"])(
    "empties nothing when a link stands under its name and '%s'",
    async (ending) => {
      plant(`${path}${ending}`);
      await write();
      untouched();
      expect(readFileSync(join(logDir, path), "utf8")).not.toBe("precious");
    },
  );

  it("is not written where its folder is a link", async () => {
    mkdirSync(join(root, "elsewhere"));
    plant(dirname(path), join(root, "elsewhere"));
    await write().catch(() => undefined);
    expect(readdirSync(join(root, "elsewhere"))).toEqual([]);
  });
});

describe("a file that is replaced", () => {
  it("takes away a folder that stands in its way", async () => {
    mkdirSync(join(logDir, "a.new/b"), { recursive: true });
    await replaceBelow(logDir, "a", "text");
    expect(readdirSync(logDir)).toEqual(["a"]);
  });

  it("is not waited for where a FIFO stands in its place", async () => {
    for (const path of [LAST_RUN, INDEX]) {
      mkdirSync(dirname(join(logDir, path)), { recursive: true });
      execFileSync("mkfifo", [join(logDir, path)]);
    }
    expect(await readLastRun(logDir)).toBeUndefined();
    expect(await readIndex(logDir)).toEqual({ folders: {}, packed: {}, told: [] });
  });
});
