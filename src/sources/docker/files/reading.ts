import { read } from "node:fs";
import { promisify } from "node:util";
import { readCompressed } from "./compressed.js";
import { EntryCutter } from "./entry-cutter.js";
import type { Intake } from "./intake.js";
import type { LogFiles } from "./log-files.js";

const readAt = promisify(read);

const CHUNK_BYTES = 64 * 1024;
/** While the sink has no room, new files are still opened before the engine removes them. */
const LOOK_MS = 5;

/** Why lines are missing, as it stands in the gap's record. */
const ROTATED = "the engine removed a log file before it was opened";
const CUT = "the engine's log file was cut";
const DAMAGED = "an entry of the engine's log file is damaged";

interface ReadingOptions {
  readonly files: LogFiles;
  readonly intake: Intake;
  /** Where to begin in the first file. */
  readonly offset: number;
  /** Settled when nothing more is to be brought. */
  readonly stopped: Promise<void>;
}

/** One way through the files of a log, from a place to the end, which moves on while the container prints. */
export class Reading {
  readonly #options: ReadingOptions;
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #at: number;
  #cutter: EntryCutter;

  constructor(options: ReadingOptions) {
    this.#options = options;
    this.#at = options.offset;
    this.#cutter = this.#begin(options.offset);
  }

  /** Reads a piece and hands its lines on; `end` when there is nothing more for now. */
  async step(): Promise<"read" | "end"> {
    const { files } = this.#options;
    const { first, isLast } = files;
    if (this.#at === 0 && first.gapBefore) await this.#missed(ROTATED);
    first.gapBefore = false;
    if (first.compressed) {
      await readCompressed(first, (chunk) => this.#take(chunk));
      this.#next();
      return "read";
    }
    const { bytesRead } = await readAt(first.fd, this.#buffer, 0, CHUNK_BYTES, this.#at);
    if (bytesRead > 0) {
      this.#at += bytesRead;
      await this.#take(this.#buffer.subarray(0, bytesRead));
      return "read";
    }
    if (!isLast) {
      // A newer one was there before this one was found to be at its end: nothing more is written to it.
      this.#next();
      return "read";
    }
    files.look();
    if (!files.isLast) return "read";
    if (first.bytes >= this.#at) return "end";
    await this.#missed(CUT);
    this.#cutter = this.#begin(0);
    return "read";
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

  async #take(chunk: Buffer): Promise<void> {
    const { files, intake } = this.#options;
    const { damaged } = this.#cutter;
    this.#cutter.push(chunk);
    if (this.#cutter.damaged > damaged) await this.#missed(DAMAGED);
    await this.settle(intake.deliver());
    files.look();
  }

  async #missed(why: string): Promise<void> {
    const { intake } = this.#options;
    await this.settle(intake.deliver());
    intake.missed(why);
  }

  #next(): void {
    this.#options.files.next();
    this.#cutter = this.#begin(0);
  }

  #begin(offset: number): EntryCutter {
    const { files, intake } = this.#options;
    this.#at = offset;
    // Offsets in a compressed file lead nowhere.
    const inode = files.first.compressed ? 0 : files.first.inode;
    return new EntryCutter(offset, (entry, end) => intake.take(entry, inode, end));
  }
}

function look(files: LogFiles): void {
  try {
    files.look();
  } catch {
    // Found again, and told, when reading goes on.
  }
}
