import type { Category } from "../core/record.js";
import type { DataFile } from "./data-file.js";
import type { EmergencyRequest } from "./emergency-request.js";
import { floodVictims } from "./floods.js";
import { findObstacles, type Obstacle } from "./obstacles.js";
import { byAge, type FileWork } from "./plan.js";
import { savingOf } from "./ratios.js";
import { bytesOf, floorDates, isOffered } from "./sacrifice.js";

export interface EmergencyPlan {
  /** Bytes that are too many now; 0 when nothing has to be done. */
  readonly needBytes: number;
  /** Compressions first, then deletions in the order of sacrifice, of which only as many are meant as are needed. */
  readonly work: readonly FileWork[];
  /** What all of it would free, as far as can be told. */
  readonly expectedBytes: number;
  /** What is in the way when that is too little. */
  readonly obstacles: readonly Obstacle[];
}

/** Compressing less than a block of the file system frees nothing. */
const BLOCK_BYTES = 4096;
/** Within each, the archive goes first. */
const ORDER: readonly Category[] = ["raw", "summary", "training", "tagged"];
/** Where there is no room, it is made for so many of the largest compressed files before compressing goes on. */
const ROOM_FILES = 4;

/** How many bytes have to go. */
function neededBytes({
  files,
  disk,
  targetPercent,
  maxSizeBytes,
}: Pick<EmergencyRequest, "files" | "disk" | "targetPercent" | "maxSizeBytes">): number {
  const used = disk.sizeBytes - disk.freeBytes;
  const overTarget = used - (disk.sizeBytes * targetPercent) / 100;
  const overSize = maxSizeBytes === undefined ? 0 : bytesOf(files) - maxSizeBytes;
  return Math.max(0, Math.ceil(overTarget), overSize);
}

/**
 * What brings the use of the disk down. As little is deleted as possible: what would still be too much if all else were compressed.
 * What is going to be deleted is not compressed before.
 */
export function planEmergency(request: EmergencyRequest): EmergencyPlan {
  const needBytes = neededBytes(request);
  if (needBytes === 0) return { needBytes, work: [], expectedBytes: 0, obstacles: [] };
  const { files, openPaths, ratios, failed } = request;
  const sealed = files.filter(({ path }) => !openPaths.has(path));
  const saving = (file: DataFile) =>
    isWorthPacking(file) && !failed.has(file.path) ? savingOf(file, ratios) : 0;
  const victims = inOrderOfSacrifice(sealed, request);
  const limit = request.noRoom ? Math.min(needBytes, roomFor(sealed, saving)) : needBytes;

  let expectedBytes = request.noRoom ? 0 : sum(sealed, saving);
  const deleted = new Set<DataFile>();
  // Where some could not be deleted it is likely that others can't be either: all are offered, and who carries it out stops in time.
  const isSure = ![...failed.values()].includes("delete");
  for (const file of victims) {
    if (isSure && expectedBytes >= limit) break;
    deleted.add(file);
    expectedBytes += file.bytes - (request.noRoom ? 0 : saving(file));
  }
  const work: FileWork[] = [];
  if (!request.noRoom) {
    let packedBytes = 0;
    for (const file of sealed.filter((each) => !deleted.has(each) && saving(each) > 0).sort(byAge)) {
      if (deleted.size === 0 && packedBytes >= needBytes) break;
      packedBytes += saving(file);
      work.push({ file, steps: [file.superseded ? "tidy" : "compress"] });
    }
  }
  for (const file of deleted) work.push({ file, steps: ["delete"] });
  const reached = expectedBytes >= limit;
  return { needBytes, work, expectedBytes, obstacles: reached ? [] : findObstacles(request, deleted) };
}

function roomFor(sealed: readonly DataFile[], saving: (file: DataFile) => number): number {
  let largest = 0;
  for (const file of sealed) if (saving(file) > 0) largest = Math.max(largest, file.bytes - saving(file));
  return largest === 0 ? Number.POSITIVE_INFINITY : ROOM_FILES * largest;
}

/** What may be deleted, in the order in which it is given up. */
function inOrderOfSacrifice(sealed: readonly DataFile[], request: EmergencyRequest): DataFile[] {
  const floors = floorDates(request.files, request.today, request.floorDays);
  const isVictim = (file: DataFile) =>
    isOffered(file, request.include) &&
    request.failed.get(file.path) !== "delete" &&
    file.date < (floors.get(file.category) ?? "");
  const rank = ({ category, archived }: DataFile) => ORDER.indexOf(category) * 2 + (archived ? 0 : 1);
  const victims = sealed.filter(isVictim).sort((a, b) => rank(a) - rank(b) || byAge(a, b));
  // Of a floor of no days nothing is left that could give way.
  const isFloored = ({ category, date }: DataFile) => date >= (floors.get(category) ?? "");
  return request.floorDays === 0 ? victims : [...victims, ...floodVictims(request, isFloored)];
}

function isWorthPacking({ compressed, bytes, superseded }: DataFile): boolean {
  return superseded || (!compressed && bytes > BLOCK_BYTES);
}

function sum(files: Iterable<DataFile>, value: (file: DataFile) => number): number {
  let total = 0;
  for (const file of files) total += value(file);
  return total;
}
