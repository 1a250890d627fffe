import { lstat } from "node:fs/promises";
import { type CheckpointBody, pathsOf } from "./checkpoint.js";
import type { Disk } from "./disk.js";
import type { Intent } from "./journal.js";

/** Categories whose files grow, and are not finished from staged ones. */
const TOPS = ["raw", "summary", "tagged"];
/** `raw/web/log` + `_2026-01-31` + `.2` + `.jsonl` */
const NAMED = /^(.*)_(\d{4}-\d\d-\d\d)(?:\.(\d{1,9}))?(\.jsonl|\.csv)$/;
const DAY_MS = 86_400_000;

/**
 * Files that were made after the checkpoint, though the journal does not name them: in a volume that was copied while a sidecar ran, its own
 * folder first. The lines in them come behind the checkpoint's positions, and so are stored a second time. They are those whose series the checkpoint
 * knows with a lower number, and those of series it does not know that were written to after it.
 */
export async function findLaterFiles(
  disk: Disk,
  body: CheckpointBody,
  intents: readonly Intent[],
): Promise<string[]> {
  const known = new Set([...pathsOf(body), ...intents.map(({ path }) => path)]);
  const lastParts = partsOf(body);
  // A day for time zones: what is older was sealed long before.
  const from = new Date((Date.parse(body.at) || 0) - DAY_MS).toISOString().slice(0, 10);
  const found: string[] = [];
  for (const path of await filesBelow(disk)) {
    const name = nameOf(path);
    if (name === undefined || name.date < from || known.has(path)) continue;
    const last = lastParts.get(name.series);
    const isLater = last === undefined ? await isWrittenSince(disk, path, body.at) : name.part > last;
    if (isLater) found.push(path);
  }
  return found;
}

function partsOf({ segments }: CheckpointBody): Map<string, number> {
  const parts = new Map<string, number>();
  for (const { path, part } of segments) {
    const series = nameOf(path)?.series;
    if (series !== undefined) parts.set(series, Math.max(part, parts.get(series) ?? 0));
  }
  return parts;
}

function nameOf(path: string): { series: string; date: string; part: number } | undefined {
  const match = NAMED.exec(path);
  if (match === null) return undefined;
  const [, stem, date, part = "0", extension] = match;
  return { series: `${stem}_${date}${extension}`, date: date!, part: Number(part) };
}

async function filesBelow(disk: Disk): Promise<string[]> {
  const paths: string[] = [];
  for (const top of TOPS) {
    for (const folder of await disk.list(top)) {
      for (const name of await disk.list(`${top}/${folder}`)) paths.push(`${top}/${folder}/${name}`);
    }
  }
  return paths;
}

async function isWrittenSince(disk: Disk, path: string, at: string): Promise<boolean> {
  try {
    const found = await lstat(disk.absolute(path));
    return found.isFile() && found.mtimeMs > Date.parse(at);
  } catch {
    // Gone, or not to be looked at: then nobody reads it either.
    return false;
  }
}
