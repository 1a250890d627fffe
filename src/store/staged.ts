import { type ByteAppender, manifestOf, type StagedSpec } from "../core/segment.js";
import type { RetiredEntry, StagedEntry } from "./checkpoint.js";
import type { Flusher } from "./flusher.js";
import { pathOf, seriesKey } from "./names.js";
import { type Memory, Segment } from "./segment.js";

interface StagedOptions {
  readonly memory: Memory;
  readonly flusher: Flusher;
  readonly maxEntries: number;
  /** Finishing gathers a staged file's entries in memory: many long ones must not be more than the machine has. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly endOfDateMs: (date: string) => number;
  /** Called when a staged file takes no more entries. */
  readonly onFrozen: (file: StagedFile) => void;
}

/** Lines of a date may still come so long after its end. */
const GRACE_MS = 5 * 60_000;

/** Entries of a series that wait to become a finished file. */
export interface StagedFile {
  readonly segment: Segment;
  /** As its entries come; the segment's own may lie in another folder. */
  readonly spec: StagedSpec;
  entries: number;
  readonly firstMs: number;
}

/** The staged files: those that take entries, those that are being finished, and those that can soon be removed. */
export class StagedBook {
  readonly options: StagedOptions;
  readonly #open = new Set<StagedFile>();
  readonly #current = new Map<string, StagedFile>();
  /** Finished, and in the last checkpoint still. */
  #leaving: string[] = [];
  #retired: RetiredEntry[] = [];
  /** Finished files by their staged ones: as long as those stay, a start may make the finished ones again. */
  readonly #finished = new Map<string, string>();

  constructor(options: StagedOptions) {
    this.options = options;
  }

  /** All that the next checkpoint has to name. */
  get open(): ReadonlySet<StagedFile> {
    return this.#open;
  }

  /** Files that a start from one of the kept checkpoints would remove or make again. */
  get openPaths(): string[] {
    const finished = new Map(this.#finished);
    for (const { segment } of this.#open) {
      if (segment.path !== undefined && segment.part !== undefined) {
        finished.set(segment.path, pathOf(segment.spec, segment.part));
      }
    }
    return [...finished].flatMap(([path, finalPath]) => [path, finalPath, manifestOf(finalPath)]);
  }

  get retired(): readonly RetiredEntry[] {
    return this.#retired;
  }

  appender(spec: StagedSpec): ByteAppender {
    const append = (length: number, entries: number, add: (segment: Segment) => void) => {
      if (length === 0) return;
      const file = this.#fileFor(spec);
      add(file.segment);
      file.segment.touched = true;
      file.entries += entries;
      this.options.flusher.appended(file.segment);
      const { maxEntries, maxBytes } = this.options;
      if (file.entries >= maxEntries || file.segment.size >= maxBytes) this.freeze(file);
    };
    return {
      append: (text, entries) => append(text.length, entries, (segment) => segment.append(text)),
      appendBytes: (bytes, entries) => append(bytes.length, entries, (segment) => segment.appendBytes(bytes)),
      room: () => this.#room(spec),
    };
  }

  #room(spec: StagedSpec): { bytes: number; entries: number } {
    const { maxEntries, maxBytes } = this.options;
    const current = this.#current.get(seriesKey(spec));
    const open = current?.spec.header === spec.header ? current : undefined;
    return {
      bytes: maxBytes - (open?.segment.size ?? Buffer.byteLength(spec.header)),
      entries: maxEntries - (open?.entries ?? 0),
    };
  }

  /** Goes on with what an earlier run left; of the files of a series one at most was not closed yet. */
  resume(entries: readonly StagedEntry[], retired: readonly RetiredEntry[]): void {
    this.#retired = [...retired];
    for (const entry of entries) {
      const segment = Segment.resume(entry.spec, this.options.memory, entry);
      const file: StagedFile = { segment, spec: entry.spec, entries: entry.entries, firstMs: entry.firstMs };
      this.#open.add(file);
      if (entry.closed) this.freeze(file);
      else this.#current.set(seriesKey(entry.spec), file);
    }
  }

  /** No more entries for this file: it is to be finished. */
  freeze(file: StagedFile): void {
    if (file.segment.closed) return;
    file.segment.closed = true;
    const key = seriesKey(file.spec);
    if (this.#current.get(key) === file) this.#current.delete(key);
    this.options.onFrozen(file);
  }

  /** Freezes what is old enough, and what is of a past date and has been quiet since the last look: a backlog of old lines makes few files. */
  freezeOld(nowMs: number): void {
    for (const file of this.#current.values()) {
      const isOver = nowMs >= this.options.endOfDateMs(file.spec.date) + GRACE_MS;
      const isQuiet = !file.segment.touched;
      file.segment.touched = false;
      if (nowMs - file.firstMs >= this.options.maxAgeMs || (isOver && isQuiet)) this.freeze(file);
    }
  }

  freezeAll(): void {
    for (const file of this.#current.values()) this.freeze(file);
  }

  /** The finished file is durable: the next checkpoint leaves the staged one out. */
  leave(file: StagedFile): void {
    this.#open.delete(file);
    const { path, part, spec } = file.segment;
    if (path === undefined || part === undefined) return;
    this.#leaving.push(path);
    this.#finished.set(path, pathOf(spec, part));
  }

  /** A commit of that serial captures the state now: from it on what has left is retired. */
  retireLeaving(serial: number): void {
    for (const path of this.#leaving) this.#retired.push({ path, serial });
    this.#leaving = [];
  }

  /** Retired files that the kept checkpoints do not name any more, the former of them being of that serial. */
  removable(formerSerial: number): RetiredEntry[] {
    return this.#retired.filter((entry) => entry.serial <= formerSerial);
  }

  removed(entry: RetiredEntry): void {
    this.#retired = this.#retired.filter((each) => each !== entry);
    this.#finished.delete(entry.path);
  }

  #fileFor(spec: StagedSpec): StagedFile {
    const key = seriesKey(spec);
    const current = this.#current.get(key);
    if (current !== undefined) {
      if (current.spec.header === spec.header) return current;
      this.freeze(current);
    }
    const segment = Segment.begin(spec, this.options.memory);
    const file: StagedFile = { segment, spec, entries: 0, firstMs: Date.now() };
    this.#open.add(file);
    this.#current.set(key, file);
    return file;
  }
}
