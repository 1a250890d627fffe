import { systemCode } from "../core/errors.js";
import { segmentLost } from "../telemetry/store-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { type DiskFile, GONE } from "./disk.js";
import { pass } from "./fault-points.js";
import type { Handles } from "./handles.js";
import type { Homes } from "./homes.js";
import type { Segment } from "./segment.js";
import { Slots } from "./slots.js";
import type { Trouble } from "./trouble.js";
import type { Waiting } from "./waiting.js";

interface WriterOptions {
  readonly handles: Handles;
  readonly homes: Homes;
  readonly trouble: Trouble;
  readonly telemetry: Telemetry;
  readonly waiting: Waiting;
  /** Written bytes of one segment that are kept for the case that a sync fails; beyond, the segment is synced at once. */
  readonly unsyncedLimitBytes: number;
}

/** Node has four threads for file work unless UV_THREADPOOL_SIZE says otherwise; with 16 of them syncs of many files take a third. */
const PARALLEL = 16;

/** Less is not synced before its time only because readers are slowed. */
const WORTH_A_SYNC_BYTES = 1024 * 1024;

const REMOVED = "was removed by somebody";

/** Brings the bytes of segments into their files, one operation at a time for each segment and several segments side by side. */
export class Writer {
  readonly #options: WriterOptions;
  readonly #slots = new Slots(PARALLEL);

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Returns when the file holds everything before the place. */
  async write(segment: Segment, end: number): Promise<void> {
    if (segment.written >= end) return;
    await this.#inTurn(segment, `writing ${nameOf(segment)}`, () => this.#writeUpTo(segment, end));
  }

  /** Returns when everything before the place is durable in the file. */
  async sync(segment: Segment, end: number): Promise<void> {
    // Again, because a file that is given up in between takes what was not synced back into memory.
    while (segment.synced < end) {
      await this.#inTurn(segment, `syncing ${nameOf(segment)}`, async () => {
        await this.#writeUpTo(segment, end);
        await this.#syncOnce(segment);
      });
    }
  }

  #inTurn(segment: Segment, what: string, work: () => Promise<void>): Promise<void> {
    const done = segment.turn.then(() => this.#options.trouble.insist(what, work));
    segment.turn = done.catch(() => undefined);
    return done;
  }

  async #writeUpTo(segment: Segment, end: number): Promise<void> {
    while (segment.written < end) {
      if (segment.path === undefined) await this.#options.homes.settle(segment);
      await this.#atFile(segment, (file) => this.#writeOnce(segment, file));
      if (this.#hasToSync(segment)) await this.#syncOnce(segment);
    }
  }

  #hasToSync({ unsyncedBytes }: Segment): boolean {
    const { unsyncedLimitBytes, waiting } = this.#options;
    if (unsyncedBytes > unsyncedLimitBytes) return true;
    // Many small segments can fill the buffer too: at the limit each gives back what it has.
    return waiting.isCrowded || (waiting.isBusy && unsyncedBytes > WORTH_A_SYNC_BYTES);
  }

  async #syncOnce(segment: Segment): Promise<void> {
    if (segment.unsyncedBytes === 0) return;
    await this.#atFile(segment, (file) => this.#syncFile(segment, file));
  }

  async #syncFile(segment: Segment, file: DiskFile): Promise<void> {
    try {
      await file.datasync();
    } catch (cause) {
      // The system may have dropped the bytes and would report success next time: they are written again first.
      segment.rewind();
      throw cause;
    }
    segment.markSynced();
    pass("segment:synced");
  }

  async #writeOnce(segment: Segment, file: DiskFile): Promise<void> {
    const position = segment.offset(segment.written);
    const { size, place } = await file.stat();
    if (place === "elsewhere") {
      // Where it was moved to it stays whole, and nothing of it is written twice.
      await this.#syncFile(segment, file);
      return this.#leave(segment, "was moved by somebody");
    }
    if (place === "nowhere") return this.#leave(segment, REMOVED);
    if (size !== position) {
      if (!segment.isTorn) {
        // Behind what somebody appended nothing can follow; what stands before it is in its place and only has to stay.
        if (size > position) await this.#syncFile(segment, file);
        return this.#leave(segment, "was changed by somebody");
      }
      await file.truncate(position);
      segment.isTorn = false;
    }
    const pieces = segment.next();
    if (pieces.length === 0) return;
    try {
      segment.isTorn = true;
      await file.write(pieces, position);
    } catch (cause) {
      await this.#undo(segment, file, position);
      throw cause;
    }
    segment.isTorn = false;
    segment.wrote(pieces.length);
    pass("segment:written");
  }

  /** Readers must not see half an entry while the disk is full. */
  async #undo(segment: Segment, file: DiskFile, position: number): Promise<void> {
    try {
      await file.truncate(position);
      segment.isTorn = false;
    } catch {
      // The next attempt does it first; the error of the write itself is the one that is told.
    }
  }

  async #atFile(segment: Segment, work: (file: DiskFile) => Promise<void>): Promise<void> {
    try {
      await this.#slots.run(() => this.#options.handles.use(segment, work));
    } catch (cause) {
      if (!GONE.has(systemCode(cause) ?? "")) throw cause;
      await this.#leave(segment, REMOVED);
    }
  }

  /** Everything that is not durable in the lost file goes to a new one. */
  async #leave(segment: Segment, why: string): Promise<void> {
    segmentLost(this.#options.telemetry, segment.path ?? "", `${nameOf(segment)} ${why}`);
    await this.#options.handles.close(segment);
    this.#options.homes.leave(segment);
  }
}

function nameOf(segment: Segment): string {
  const { folder, stem, date, extension } = segment.spec;
  return segment.path ?? `${folder}/${stem}_${date}${extension}`;
}
