import { read } from "node:fs";
import { promisify } from "node:util";
import { readCompressed } from "./compressed.js";
import { EntryCutter } from "./entry-cutter.js";
import type { Intake } from "./intake.js";
import type { LogFiles } from "./log-files.js";
import type { EntryForm } from "./log-format.js";

const readAt = promisify(read);

const CHUNK_BYTES = 192 * 1024;
/** So much of what was read is read again with what comes next: it holds the time of the last entry, so a file that was cut meanwhile is known. */
const AGAIN_BYTES = 512;
/** While the sink has no room, new files are still opened before the engine removes them. */
const LOOK_MS = 5;

/** Why lines are missing, as it stands in the gap's record. */
const ROTATED = "the engine removed a log file before it was opened";
const CUT = "the engine's log file was cut";
const DAMAGED = "an entry of the engine's log file is damaged";

interface ReadingOptions {
  readonly files: LogFiles;
  readonly intake: Intake;
  readonly form: EntryForm;
  /** Where to begin in the first file. */
  readonly offset: number;
  /** Settled when nothing more is to be brought. */
  readonly stopped: Promise<void>;
}

/** One way through the files of a log, from a place to the end, which moves on while the container prints. */
export class Reading {
  readonly #options: ReadingOptions;
  readonly #buffer = Buffer.allocUnsafe(AGAIN_BYTES + CHUNK_BYTES);
  #at: number;
  /** What stands right before `#at`. */
  #before: Buffer;
  #cutter: EntryCutter;

  constructor(options: ReadingOptions) {
    const { files, offset } = options;
    this.#options = options;
    this.#at = offset;
    this.#before = files.first.bytesUpTo(offset, AGAIN_BYTES);
    this.#cutter = this.#begin(offset);
  }

  /** Reads a piece and hands its lines on; `end` when there is nothing more for now. */
  async step(): Promise<"read" | "end"> {
    const { files } = this.#options;
    const { first, isLast } = files;
    if (this.#at === 0 && first.gapBefore) await this.#missed(ROTATED);
    first.gapBefore = false;
    if (first.compressed) {
      if (!(await readCompressed(first, (chunk) => this.#take(chunk)))) await this.#missed(DAMAGED);
      this.#next();
      return "read";
    }
    const chunk = await this.#read();
    if (chunk === undefined) {
      await this.#missed(CUT);
      this.#cutter = this.#begin(0);
      return "read";
    }
    if (chunk.length > 0) {
      await this.#take(chunk);
      return "read";
    }
    if (!isLast) {
      // A newer one was there before this one was found to be at its end: nothing more is written to it.
      this.#next();
      return "read";
    }
    files.look();
    return files.isLast ? "end" : "read";
  }

  /** The container is gone, and all was read: what is left is no whole entry, or none at all. */
  end(): void {
    this.#cutter.end();
    if (!this.#options.files.endKnown) this.#options.intake.missed(ROTATED);
  }

  /** Waits until the sink has room, and keeps an eye on the files meanwhile. */
  async settle(wait: Promise<void> | undefined): Promise<void> {
    if (wait === undefined) return;
    const { files, stopped } = this.#options;
    const looking = setInterval(() => look(files), LOOK_MS);
    try {
      // A failure is told by whoever asked for the delivery.
      await Promise.race([wait.catch(() => undefined), stopped]);
    } finally {
      clearInterval(looking);
    }
  }

  /** What comes next in the first file, which can be nothing; undefined when what stood before it does no longer. */
  async #read(): Promise<Buffer | undefined> {
    const again = this.#before.length;
    const { fd } = this.#options.files.first;
    const { bytesRead } = await readAt(fd, this.#buffer, 0, again + CHUNK_BYTES, this.#at - again);
    const bytes = this.#buffer.subarray(0, bytesRead);
    if (!bytes.subarray(0, again).equals(this.#before)) return undefined;
    if (bytesRead > again) {
      this.#at += bytesRead - again;
      this.#before = Buffer.from(bytes.subarray(-AGAIN_BYTES));
    }
    return bytes.subarray(again);
  }

  async #take(chunk: Buffer): Promise<void> {
    const { files, intake } = this.#options;
    this.#cutter.push(chunk);
    await this.settle(intake.deliver());
    files.look();
  }

  async #missed(why: string): Promise<void> {
    const { intake } = this.#options;
    await this.settle(intake.deliver());
    intake.missed(why);
  }

  #next(): void {
    this.#cutter.end();
    this.#options.files.next();
    this.#cutter = this.#begin(0);
  }

  #begin(offset: number): EntryCutter {
    const { files, intake, form } = this.#options;
    this.#at = offset;
    if (offset === 0) this.#before = Buffer.alloc(0);
    // Offsets in a compressed file lead nowhere.
    const inode = files.first.compressed ? 0 : files.first.inode;
    return new EntryCutter(offset, form, {
      entry: (entry, end) => intake.take(entry, inode, end),
      damaged: () => intake.missed(DAMAGED),
    });
  }
}

function look(files: LogFiles): void {
  try {
    files.look();
  } catch {
    // Found again, and told, when reading goes on.
  }
}
