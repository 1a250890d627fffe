import { mayBeOf, SHARED_NAME } from "../core/names.js";
import { type Category, LEVEL_RANK, type Level } from "../core/record.js";
import { type ReadOptions, readLines } from "./read-lines.js";
import { BY_NAME, orderName, plainPath, type SegmentFile } from "./segments.js";

/** One stored record or row, with its place in the order of time. */
export interface Entry {
  /** The engine's time, nanoseconds. */
  readonly ts: string;
  /** As it is stored, without the line end. */
  readonly text: string;
  /** The path that its segment had when it was written. */
  readonly path: string;
  /** Tells the entries of a segment apart, rising. */
  readonly at: number;
  /** The header of its table, for a row. */
  readonly header: string | undefined;
}

/** Which entries are wanted; rows have neither component nor level. */
export interface Wanted {
  readonly component?: string | undefined;
  /** The lowest level. */
  readonly level?: Level | undefined;
}

/** From the oldest to the newest; what has the same nanosecond stands as it was written. */
export function compareEntries(a: Entry, b: Entry): number {
  if (a.ts !== b.ts) return a.ts < b.ts ? -1 : 1;
  if (a.path !== b.path) return BY_NAME.compare(orderName(a.path), orderName(b.path));
  return a.at - b.at;
}

/** Whether a segment can hold anything that is wanted, by its name alone. */
export function mayHold({ path }: SegmentFile, category: Category, { component, level }: Wanted): boolean {
  if (category !== "raw") return true;
  const [folder = "", name = ""] = plainPath(path).split("/").slice(-2);
  if (level !== undefined && LEVEL_RANK[level] >= LEVEL_RANK.error && !name.startsWith("error_"))
    return false;
  return component === undefined || mayBeOf(folder, component) || folder === SHARED_NAME;
}

/** The front of a record's line, whose fields have a fixed order; see docs/OUTPUT.md. */
const FRONT =
  /^\{"ts":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z)","level":"([a-z]+)","component":"((?:[^"\\]|\\.)*)"/;
const ROW_FRONT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z)(?:,|$)/;

/** The time of a record's line; undefined when somebody else wrote it. */
export function timeOfRecord(text: string): string | undefined {
  return FRONT.exec(text)?.[1];
}

/** The time of a record's line, if the record is wanted. */
export function timeIfWanted(text: string, { component, level }: Wanted): string | undefined {
  const front = FRONT.exec(text);
  if (front === null) return undefined;
  const [, ts, said, name] = front;
  if (level !== undefined && !((LEVEL_RANK[said as Level] ?? -1) >= LEVEL_RANK[level])) return undefined;
  if (component !== undefined && nameOf(name!) !== component) return undefined;
  return ts;
}

function nameOf(quoted: string): string {
  return quoted.includes("\\") ? (JSON.parse(`"${quoted}"`) as string) : quoted;
}

/** Makes entries of the lines of one segment, one after the other; a row can have several lines. */
export class EntryCutter {
  readonly #path: string;
  readonly #wanted: Wanted;
  readonly #isTable: boolean;
  #header: string | undefined;
  /** The lines of the row so far. */
  #row: string[] = [];
  #isWhole = true;
  #at: number;

  /** `header` where reading begins behind it. */
  constructor(segment: SegmentFile, wanted: Wanted, from: { at?: number; header?: string } = {}) {
    this.#path = plainPath(segment.path);
    this.#isTable = this.#path.endsWith(".csv");
    this.#wanted = wanted;
    this.#at = from.at ?? 0;
    this.#header = from.header;
  }

  get header(): string | undefined {
    return this.#header;
  }

  /** Whether the lines so far end with a whole entry. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Undefined for what is not wanted, for a header, and for the beginning of a row. */
  take(line: string): Entry | undefined {
    const at = this.#at++;
    if (!this.#isTable) {
      const ts = timeIfWanted(line, this.#wanted);
      return ts === undefined ? undefined : { ts, text: line, path: this.#path, at, header: undefined };
    }
    // A quote within a cell is doubled: only a cell that goes on in the next line, or came from the last one, leaves an odd number.
    if (line.split('"').length % 2 === 0) this.#isWhole = !this.#isWhole;
    this.#row.push(line);
    if (!this.#isWhole) return undefined;
    // Joined once: a row can have as many lines as bytes.
    const text = this.#row.join("\n");
    this.#row = [];
    if (this.#header === undefined) {
      this.#header = text;
      return undefined;
    }
    const ts = ROW_FRONT.exec(text)?.[1];
    return ts === undefined ? undefined : { ts, text, path: this.#path, at, header: this.#header };
  }
}

/** The wanted entries of a segment as they stand in it. */
export async function* readEntries(
  logDir: string,
  segment: SegmentFile,
  { wanted, ...options }: ReadOptions & { readonly wanted: Wanted },
): AsyncGenerator<Entry> {
  const cutter = new EntryCutter(segment, wanted, { at: options.startBytes ?? 0 });
  for await (const line of readLines(logDir, segment, options)) {
    const entry = cutter.take(line);
    if (entry !== undefined) yield entry;
  }
}

/** The header of a table's segment; empty for one that has none, or that is gone. */
export async function headerOf(
  logDir: string,
  segment: SegmentFile,
  options: ReadOptions = {},
): Promise<string> {
  if (!plainPath(segment.path).endsWith(".csv")) return "";
  const cutter = new EntryCutter(segment, {});
  for await (const line of readLines(logDir, segment, options)) {
    cutter.take(line);
    if (cutter.header !== undefined) return cutter.header;
  }
  return "";
}
