import type { Disk, DiskFile } from "./disk.js";
import { pass } from "./fault-points.js";
import { isOurs, JOURNAL, STORE_FOLDER } from "./places.js";
import type { Trouble } from "./trouble.js";

/** A file that is about to be made. */
export interface Intent {
  readonly path: string;
  /** Where a staged file will be finished. */
  readonly finalPath?: string;
  /** Serial of the first commit that can know the file; 0: the file is not ours after all. */
  readonly first: number;
}

/** A journal that has grown past this is written anew at the next commit. */
const COMPACT_BYTES = 16 * 1024;

/**
 * Notes each new file before its first byte. A file whose intent is younger than the checkpoint is uncommitted and removed
 * at the next start; a file that stands neither here nor there belongs to somebody else. One small append and sync for all files
 * that begin together, where a checkpoint for each would write the whole state.
 *
 * One JSON object a line. A line that a loss of power left half written names a file that was not made yet.
 */
export class Journal {
  readonly #disk: Disk;
  readonly #trouble: Trouble;
  #intents: Intent[] = [];
  #file: DiskFile | undefined;
  #length = 0;
  #queue: Intent[] = [];
  /** Appending and compacting, one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(disk: Disk, trouble: Trouble) {
    this.#disk = disk;
    this.#trouble = trouble;
  }

  /** What an earlier run noted. */
  static async read(disk: Disk): Promise<Intent[]> {
    const intents: Intent[] = [];
    for (const line of ((await disk.read(JOURNAL)) ?? "").split("\n")) {
      const intent = parseIntent(line);
      if (intent !== undefined) intents.push(intent);
    }
    return intents;
  }

  /** Begins with an empty journal: a checkpoint that knows everything is durable. */
  async start(): Promise<void> {
    await this.#trouble.insist("starting the journal", () => this.#rewrite([]));
  }

  /** Returns when the intent is durable: only then may the file be made. */
  note(intent: Intent): Promise<void> {
    this.#queue.push(intent);
    return this.#next(async () => {
      const batch = this.#queue;
      this.#queue = [];
      // Another call's turn took it along.
      if (batch.length === 0) return;
      await this.#trouble.insist("noting new files", () => this.#append(batch));
    });
  }

  /** Forgets intents that even the former checkpoint (of that serial) knows, once the file has grown. */
  async compact(formerSerial: number): Promise<void> {
    if (this.#length < COMPACT_BYTES) return;
    await this.#next(async () => {
      const kept = this.#intents.filter((intent) => intent.first > formerSerial);
      await this.#trouble.insist("shortening the journal", () => this.#rewrite(kept));
      pass("journal:compacted");
    });
  }

  async close(): Promise<void> {
    await this.#next(async () => {
      await this.#file?.close();
      this.#file = undefined;
    });
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #append(batch: readonly Intent[]): Promise<void> {
    const file = this.#file ?? (await this.#disk.open(JOURNAL));
    this.#file = file;
    const bytes = Buffer.from(textOf(batch));
    try {
      // At a known offset, so that an attempt after an error writes over what the failed one left.
      await file.write([bytes], this.#length);
      pass("segment:intent-written");
      await file.datasync();
    } catch (cause) {
      this.#file = undefined;
      await file.close();
      throw cause;
    }
    pass("segment:intent-durable");
    this.#length += bytes.length;
    this.#intents.push(...batch);
  }

  async #rewrite(intents: Intent[]): Promise<void> {
    const bytes = Buffer.from(textOf(intents));
    const temporary = `${JOURNAL}.new`;
    await this.#disk.remove(temporary);
    const file = await this.#disk.create(temporary);
    try {
      await file.write([bytes], 0);
      await file.datasync();
      await this.#disk.rename(temporary, JOURNAL);
      await this.#disk.syncFolder(STORE_FOLDER);
    } catch (cause) {
      await file.close();
      throw cause;
    }
    await this.#file?.close();
    this.#file = file;
    this.#length = bytes.length;
    this.#intents = intents;
  }
}

function textOf(intents: readonly Intent[]): string {
  return intents.map((intent) => `${JSON.stringify(intent)}\n`).join("");
}

function parseIntent(line: string): Intent | undefined {
  try {
    const value = JSON.parse(line) as Partial<Intent> | null;
    if (typeof value?.path !== "string" || typeof value.first !== "number") return undefined;
    // What somebody wrote into it must not make the next start remove a file that was never the store's.
    const paths = [value.path, ...(value.finalPath === undefined ? [] : [value.finalPath])];
    return paths.every(isOurs) ? (value as Intent) : undefined;
  } catch {
    // The end of the journal, or half a line.
    return undefined;
  }
}
