import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A record as it stands in a `.jsonl` file. */
export interface StoredRecord {
  readonly ts: string;
  readonly level: string;
  readonly component: string;
  readonly event_type?: string;
  readonly message?: string;
  readonly container: string;
  readonly stream: string;
  readonly rule?: string;
  readonly tags?: readonly string[];
  readonly severity?: string;
  readonly repeated?: number;
  readonly last_ts?: string;
  readonly truncated?: boolean;
  readonly data?: Record<string, unknown>;
}

/** Files below a folder of the log volume, sorted by name; none when the folder is not there. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** All records below `raw`, `tagged` or a folder of these, file by file in the order in which they were written. Throws for a line that is no JSON. */
export async function storedRecords(logDir: string, folder = "raw"): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (const path of byTurn(await filesBelow(join(logDir, folder)))) {
    const bytes = await readFile(path);
    const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    if (text !== "" && !text.endsWith("\n")) throw new Error(`${path} ends in the middle of a line`);
    for (const line of text.split("\n")) if (line !== "") records.push(JSON.parse(line));
  }
  return records;
}

/** How many whole lines the files of a category hold; cheap enough to be asked again and again. */
export async function countLines(logDir: string, category = "raw"): Promise<number> {
  let lines = 0;
  for (const path of await filesBelow(join(logDir, category))) {
    const bytes = await readFile(path);
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
  }
  return lines;
}

/** The file below a folder that was begun last; undefined when there is none. */
export async function newestFile(folder: string): Promise<string | undefined> {
  return byTurn(await filesBelow(folder)).at(-1);
}

/** `log_2026-01-31.2.jsonl` comes behind `log_2026-01-31.jsonl` and before `log_2026-01-31.10.jsonl`. */
function byTurn(paths: string[]): string[] {
  const turn = (path: string) => Number(/\.(\d+)\.jsonl(?:\.gz)?$/.exec(path)?.[1] ?? 0);
  const stem = (path: string) => path.replace(/(\.\d+)?\.jsonl(?:\.gz)?$/, "");
  return paths.sort((a, b) => (stem(a) === stem(b) ? turn(a) - turn(b) : stem(a) < stem(b) ? -1 : 1));
}

/** Where numbers are not 1, 2, 3 …: a few of them around the first place; empty when there is none. */
export function firstBreak(numbers: readonly number[], first = 1): number[] {
  const at = numbers.findIndex((number, index) => number !== first + index);
  return at < 0 ? [] : numbers.slice(Math.max(0, at - 3), at + 4);
}
