import type { DataFile } from "./data-file.js";
import type { EmergencyRequest } from "./emergency-request.js";
import { byAge } from "./plan.js";
import { bytesOf } from "./sacrifice.js";

/** What one component or table may have of the disk (or of `SIDECAR_MAX_SIZE`) before the floor gives way to it. */
const SHARE = 1 / 8;

/**
 * What of the floor's days may go when all else has not been enough: the oldest sealed files of those components and tables that alone have
 * more than an eighth of the disk, down to that; the largest first. One that prints without end would otherwise stop collecting for all,
 * until its day is over. `floored`: whether the floor keeps a file.
 */
export function floodVictims(
  request: Pick<EmergencyRequest, "files" | "openPaths" | "disk" | "maxSizeBytes" | "failed">,
  floored: (file: DataFile) => boolean,
): DataFile[] {
  const { files, openPaths, disk, maxSizeBytes, failed } = request;
  const shareBytes = Math.min(disk.sizeBytes, maxSizeBytes ?? Number.POSITIVE_INFINITY) * SHARE;
  const folders = new Map<string, DataFile[]>();
  for (const file of files) {
    if ((file.category !== "raw" && file.category !== "summary") || !floored(file)) continue;
    const folder = file.path.replace(/^archive\//, "").replace(/\/[^/]*$/, "");
    const group = folders.get(folder);
    if (group === undefined) folders.set(folder, [file]);
    else group.push(file);
  }
  const floods = [...folders.values()].map((group) => ({ group, bytes: bytesOf(group) }));
  return floods
    .sort((a, b) => b.bytes - a.bytes)
    .flatMap(({ group, bytes }) => {
      let leftBytes = bytes;
      return group.sort(byPart).filter((file) => {
        if (openPaths.has(file.path) || failed.get(file.path) === "delete") return false;
        if (leftBytes - file.bytes < shareBytes) return false;
        leftBytes -= file.bytes;
        return true;
      });
    });
}

/** Within a date the parts follow their numbers: `log_….jsonl`, `log_….1.jsonl`, …, `log_….10.jsonl`. */
function byPart(a: DataFile, b: DataFile): number {
  return a.date === b.date ? partOf(a) - partOf(b) || byAge(a, b) : byAge(a, b);
}

function partOf({ path }: DataFile): number {
  return Number(/\.(\d+)\.(?:jsonl|csv)(?:\.gz)?$/.exec(path)?.[1] ?? 0);
}
