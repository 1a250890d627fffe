import { ARCHIVE_FOLDER } from "../core/segment.js";
import type { SegmentEntry } from "./checkpoint.js";
import type { Disk } from "./disk.js";
import { pathOf } from "./names.js";

/**
 * Files of the same series and date before a file that is missing, which are missing too: between it and the last one that is there, plain, compressed or
 * archived. They were sealed by the checkpoint, which names open files alone. Where none is there, retention may have taken them, and nothing
 * is said.
 */
export async function missingBefore(disk: Disk, { spec, part }: SegmentEntry): Promise<string[]> {
  const missing: string[] = [];
  for (let before = part - 1; before >= 0; before--) {
    const path = pathOf(spec, before);
    if (await isThere(disk, path)) return missing;
    missing.unshift(path);
  }
  return [];
}

async function isThere(disk: Disk, path: string): Promise<boolean> {
  for (const place of [path, `${path}.gz`, `${ARCHIVE_FOLDER}/${path}`, `${ARCHIVE_FOLDER}/${path}.gz`])
    if ((await disk.size(place)) !== undefined) return true;
  return false;
}
