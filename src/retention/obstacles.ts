import { sizeText } from "../core/size-text.js";
import type { DataFile } from "./data-file.js";
import type { EmergencyRequest } from "./emergency-request.js";
import { bytesOf, isOffered } from "./sacrifice.js";

/** Something that keeps the disk's use above the target. */
export interface Obstacle {
  /** `outside`: other programs' files. `open`: segments that are being written. `floor`: the newest days. `kept`: what is never deleted or was not included. `failed`: what could not be deleted. */
  readonly kind: "outside" | "open" | "floor" | "kept" | "failed";
  readonly bytes: number;
  /** The categories that it is about, where it is about some. */
  readonly categories: readonly string[];
  /** The floor's days. */
  readonly days?: number;
}

/** What stays although all that may go has gone. The largest first. */
export function findObstacles(request: EmergencyRequest, deleted: ReadonlySet<DataFile>): Obstacle[] {
  const { files, disk, maxSizeBytes, targetPercent, floorDays } = request;
  const groups = new Map<Obstacle["kind"], DataFile[]>();
  for (const file of files) {
    if (deleted.has(file)) continue;
    const kind = kindOf(file, request);
    const group = groups.get(kind) ?? [];
    group.push(file);
    groups.set(kind, group);
  }
  const obstacles: Obstacle[] = [...groups].map(([kind, group]) => ({
    kind,
    bytes: bytesOf(group),
    categories: [...new Set(group.map(({ category }) => category))],
    ...(kind === "floor" ? { days: floorDays } : {}),
  }));
  const outsideBytes = Math.max(0, disk.sizeBytes - disk.freeBytes - bytesOf(files));
  // Where the limit is one for the logs alone, other files do not matter.
  const isOfDisk = disk.sizeBytes - disk.freeBytes > (disk.sizeBytes * targetPercent) / 100;
  if (maxSizeBytes === undefined || isOfDisk) {
    obstacles.push({ kind: "outside", bytes: outsideBytes, categories: [] });
  }
  return obstacles.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes);
}

function kindOf(file: DataFile, { openPaths, failed, include }: EmergencyRequest): Obstacle["kind"] {
  if (openPaths.has(file.path)) return "open";
  if (failed.get(file.path) === "delete") return "failed";
  return isOffered(file, include) ? "floor" : "kept";
}

/** An obstacle as people read it. */
export function obstacleText({ kind, bytes, categories, days }: Obstacle): string {
  const size = sizeText(bytes);
  const what = categories.join(", ");
  if (kind === "outside") return `${size} outside the log folder fill this disk`;
  if (kind === "open") return `open segments hold ${size} (${what})`;
  if (kind === "failed") return `${size} could not be deleted (${what})`;
  if (kind === "floor")
    return `the floor of ${days} ${days === 1 ? "day" : "days"} (SIDECAR_FLOOR) keeps ${size} (${what})`;
  return `${size} are kept because nothing said that they may go (${what}; --include)`;
}
