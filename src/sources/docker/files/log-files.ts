import { readdirSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { systemCode } from "../../../core/errors.js";
import { LogFile } from "./log-file.js";

/** Each try takes well under a millisecond; the engine renames all files of a log in about as long. */
const TRIES = 100;

/** No engine has been seen to write log files faster than this. */
const WRITE_BYTES_PER_MS = 500_000;
/** Times of files come from a clock that ticks this often, or oftener. */
const TICK_MS = 4;

export interface Rotation {
  /** Size at which the engine begins a new file; undefined when it never does. */
  readonly rotateBytes: number | undefined;
  /** Files that the engine has removed are kept for reading up to so many bytes. */
  readonly removedBytes: number;
}

/**
 * The files of one json-file log, oldest first, open: `x.log.2.gz`, `x.log.1`, `x.log`. The engine writes to the last one.
 *
 * At a rotation the engine (moby: daemon/logger/loggerutils/logfile.go) removes the oldest file, renames the others up by one and begins
 * a new one; it may compress `.1` afterwards. Names are only looked at to find what is new: a file is known by its inode, a
 * compressed one by its first entry.
 */
export class LogFiles {
  readonly #path: string;
  readonly #rotation: Rotation;
  #files: LogFile[] = [];

  /** @throws what the system says when there is no log, or it may not be read */
  constructor(path: string, rotation: Rotation) {
    this.#path = path;
    this.#rotation = rotation;
    this.#files = this.#stable(() => this.#list());
  }

  /** The one to read; when it has come to its end and is not the last, `next` is called. */
  get first(): LogFile {
    return this.#files[0]!;
  }

  get isLast(): boolean {
    return this.#files.length === 1;
  }

  get all(): readonly LogFile[] {
    return this.#files;
  }

  next(): void {
    this.#files.shift()?.close();
  }

  /** Leaves out what stands before a file that is there. */
  skipTo(file: LogFile): void {
    while (this.first !== file) this.next();
  }

  /** Looks whether the engine has begun new files, and opens them; it may have removed some already. */
  look(): void {
    const newest = this.#files.at(-1)!;
    if (inodeOf(this.#path) === newest.inode) return;
    const { files, complete } = this.#stable(() => this.#newerThan(newest));
    const [first] = files;
    if (first !== undefined && !complete) first.gapBefore = !this.#follows(newest, first);
    this.#files.push(...files);
    this.#letGo();
  }

  close(): void {
    for (const file of this.#files) file.close();
    this.#files = [];
  }

  #list(): LogFile[] {
    const name = basename(this.#path);
    const numbers = readdirSync(dirname(this.#path))
      .map((other) =>
        other.startsWith(`${name}.`) ? /^\d+/.exec(other.slice(name.length + 1))?.[0] : undefined,
      )
      .filter((number) => number !== undefined);
    const old = [...new Set(numbers.map(Number))].sort((one, other) => other - one);
    const files = old.map((number) => this.#openNumbered(number)).filter((file) => file !== undefined);
    return [...files, new LogFile(this.#path)];
  }

  #newerThan(known: LogFile): { readonly files: LogFile[]; readonly complete: boolean } {
    const current = openThere(this.#path);
    // Renamed just now, and not made anew; or all is gone.
    if (current === undefined || current.inode === known.inode) {
      current?.close();
      return { files: [], complete: true };
    }
    const files = [current];
    for (let number = 1; ; number += 1) {
      const file = this.#openNumbered(number);
      if (file === undefined) return { files, complete: false };
      if (file.inode === known.inode || (file.compressed && file.beginsAs(known))) {
        file.close();
        return { files, complete: true };
      }
      files.unshift(file);
    }
  }

  /** `.1`, or `.1.gz`: the first is removed when the other is whole. */
  #openNumbered(number: number): LogFile | undefined {
    const path = `${this.#path}.${number}`;
    return openThere(path) ?? openThere(`${path}.gz`);
  }

  /** Repeats what opens files until no file was renamed meanwhile. */
  #stable<Found extends LogFile[] | { readonly files: LogFile[] }>(find: () => Found): Found {
    for (let left = TRIES; ; left -= 1) {
      const found = find();
      const files = Array.isArray(found) ? found : found.files;
      if (left === 0 || files.every((file) => inodeOf(file.path) === file.inode)) return found;
      for (const file of files) file.close();
    }
  }

  /**
   * Whether no file can have been between: the engine removed the one and made the other in less than the time that filling one takes.
   * With `max-file` 1 each rotation removes the file that was written to.
   */
  #follows(before: LogFile, after: LogFile): boolean {
    const fillMs = (this.#rotation.rotateBytes ?? 0) / WRITE_BYTES_PER_MS;
    return after.madeMs - before.changedMs + TICK_MS < fillMs;
  }

  /** Removed files cost room on the disk that nobody has accounted for: the oldest, but for the one being read, are let go unread. */
  #letGo(): void {
    let bytes = 0;
    for (const file of this.#files) if (file.removed) bytes += file.bytes;
    while (bytes > this.#rotation.removedBytes && this.#files.length > 2) {
      const [file] = this.#files.splice(1, 1);
      bytes -= file!.bytes;
      file!.close();
      this.#files[1]!.gapBefore = true;
    }
  }
}

function openThere(path: string): LogFile | undefined {
  try {
    return new LogFile(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
