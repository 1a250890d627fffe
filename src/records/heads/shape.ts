import type { LearnedForm } from "../../core/line.js";
import type { Level } from "../../core/record.js";

/** What stands in a line's head besides the level. */
export interface HeadData {
  time?: string;
  host?: string;
  program?: string;
  app?: string;
  pid?: number | string;
  thread?: string;
  logger?: string;
  source?: string;
  request_id?: string;
  /** MySQL's `MY-010068`. */
  code?: string;
  elapsed?: number;
  [pair: string]: string | number | undefined;
}

/** Sets what `from` has. Spread copies cost several times as much, and what is made of them is slow to write and to read. */
export function take(data: HeadData, from: HeadData): HeadData {
  for (const name in from) data[name] = from[name];
  return data;
}

/** Heads are looked for in so many characters. */
export const LONGEST_HEAD = 300;

/** The head of a line: what stands before its message. */
export interface Head {
  /** Undefined where the head says none. */
  readonly level: Level | undefined;
  readonly data: HeadData;
  /** Where the message begins. */
  readonly end: number;
  /** A word before a colon or a dash behind the level, which may be a logger's name or the message's own: whether there was one. */
  readonly name: boolean | undefined;
  /** The column of the level, 0 to 80. */
  readonly levelColumn: number;
  /** A number right behind the level, which may be the process. */
  readonly process: number | undefined;
  /** A dotted word right behind the level, which may be a logger's name or the message's own: whether there was one. */
  readonly dotted: boolean | undefined;
  /** The data as a text of JSON, where that is known without writing it. */
  readonly json?: string;
}

/** A walk through a line's head: where it stands and what it has found. */
export interface HeadWalk {
  readonly text: string;
  readonly learned: LearnedForm | undefined;
  level: Level | undefined;
  /** The level is a number before the line: a word or letter in the head may say it better. */
  coded: boolean;
  data: HeadData;
  /** Spring's `---` was seen: names in brackets are the app and the thread, and a name ends with a colon. */
  readonly dashes: boolean;
  at: number;
  /** What was read and is the head's only if a time or a level follows. */
  tentative: HeadData | undefined;
  name: boolean | undefined;
  process: number | undefined;
  dotted: boolean | undefined;
  /** The piece that ends at `at` is the head's, with the separators behind it and all that was tentative before it. */
  commit(): void;
  takeLevel(found: { readonly level: Level; readonly end: number }): boolean;
  /** Behind a level what was read is the head's at once; before it only when one follows. */
  keep(name: string, value: string | number): void;
  /** What follows is the message. */
  stop(): void;
  /** Passes spaces and what separates the pieces of a head. */
  separators(): void;
}

/** What a walk knew at a place of the line. */
export interface ScanState {
  readonly level: Level | undefined;
  readonly data: HeadData;
  readonly name: boolean | undefined;
  readonly process: number | undefined;
  readonly dotted: boolean | undefined;
  readonly levelColumn: number;
  readonly dashes: boolean;
  readonly coded: boolean;
  /** Pieces that may still come. */
  readonly left: number;
}
