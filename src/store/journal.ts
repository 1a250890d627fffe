import { systemCode } from "../core/errors.js";
import { storeFolderGone } from "../telemetry/store-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { type Disk, type DiskFile, GONE } from "./disk.js";
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
  readonly #telemetry: Telemetry;
  #intents: Intent[] = [];
  #file: DiskFile | undefined;
  #length = 0;
  #isStarted = false;
  #queue: Intent[] = [];
  /** Appending and compacting, one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(disk: Disk, trouble: Trouble, telemetry: Telemetry) {
    this.#disk = disk;
    this.#trouble = trouble;
    this.#telemetry = telemetry;
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
    this.#isStarted = true;
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
    const file = await this.#own();
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

  /** The journal's file. Where somebody removed it, what it held is written to a new one: nobody would read the old one. */
  async #own(): Promise<DiskFile> {
    try {
      this.#file ??= await this.#disk.open(JOURNAL);
      if ((await this.#file.stat()).place === "here") return this.#file;
    } catch (cause) {
      if (!GONE.has(systemCode(cause) ?? "")) throw cause;
    }
    await this.#disk.makeFolder(STORE_FOLDER);
    await this.#rewrite(this.#intents);
    storeFolderGone(this.#telemetry, JOURNAL);
    const file = await this.#disk.open(JOURNAL);
    this.#file = file;
    return file;
  }

  /** Makes sure that the file is there, for a start after a kill. */
  async look(): Promise<void> {
    if (!this.#isStarted) return;
    await this.#next(async () => {
      await this.#trouble.insist("looking for the journal", () => this.#own());
    });
  }

  async #rewrite(intents: Intent[]): Promise<void> {
    const bytes = Buffer.from(textOf(intents));
    const temporary = `${JOURNAL}.new`;
    await this.#disk.remove(temporary);
    const file = await this.#disk.create(temporary);
    try {
      await file.write([bytes], 0);
      await file.datasync();
    } finally {
      await file.close();
    }
    await this.#disk.rename(temporary, JOURNAL);
    await this.#disk.syncFolder(STORE_FOLDER);
    // Opened anew with the next intent, under the name that it has now.
    await this.#file?.close();
    this.#file = undefined;
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
