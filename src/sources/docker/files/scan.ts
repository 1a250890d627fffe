import { statSync } from "node:fs";
import type { LogFile, OpenLogFile } from "./log-file.js";

/** Each try takes well under a millisecond, and needs no rotation to be finished meanwhile. */
const TRIES = 100;

/** A rotation frees one name at a time; one that an engine's kill left free stays so, and moves on. */
const FREE_NAMES = 4;

interface ScanOptions {
  /** The file that the engine writes to. */
  readonly path: string;
  /** Files older than this one, and itself, are not wanted. */
  readonly newest: LogFile | undefined;
  readonly open: OpenLogFile;
}

export interface Scan {
  /** Oldest first, none between them left out. */
  readonly files: LogFile[];
  /** The file that was known stands before them. */
  readonly met: boolean;
}

/**
 * Opens the files of a log, from the one that is written to on to older ones; undefined while there is none of its name.
 *
 * At a rotation the engine (moby: daemon/logger/loggerutils/logfile.go) removes the oldest, renames the others up by one from the oldest
 * on, and makes a new one. So a name between can be free for a moment, and a file moves only to names that are looked at later: from below
 * each is found, once or twice, unless it was removed. Names are only looked at to find files: one is known by its inode, a
 * compressed one by its first entry.
 */
export function scanLog(options: ScanOptions): Scan | undefined {
  const { path } = options;
  for (let left = TRIES; left > 0; left -= 1) {
    const current = options.open(path);
    if (current === undefined) return undefined;
    const scan = scanFrom(current, options);
    // Else a whole rotation lies between the first and the last look.
    if (inodeOf(path) === current.inode) return scan;
    for (const file of scan.files) file.close();
  }
  throw new Error(`${path}: its engine begins new files faster than they can be opened`);
}

/** Of a file's name, if it is there. */
export function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

function scanFrom(current: LogFile, { path, newest, open }: ScanOptions): Scan {
  const files = [current];
  if (current.inode === newest?.inode) return { files: [], met: closed(current) };
  for (let number = 1, free = 0; free < FREE_NAMES; number += 1) {
    const file = openNumbered(`${path}.${number}`, open);
    free = file === undefined ? free + 1 : 0;
    if (file === undefined) continue;
    if (newest !== undefined && isSame(file, newest)) return { files, met: closed(file) };
    // Renamed from the name that was looked at before.
    if (isSame(file, files[0]!)) closed(file);
    else files.unshift(file);
  }
  return { files, met: false };
}

/** `.1`, or `.1.gz`: the first is removed when the other is whole. */
function openNumbered(path: string, open: OpenLogFile): LogFile | undefined {
  return open(path) ?? open(`${path}.gz`);
}

function isSame(found: LogFile, known: LogFile): boolean {
  return found.inode === known.inode || (found.compressed && found.beginsAs(known));
}

function closed(file: LogFile): true {
  file.close();
  return true;
}
