import type { LearnedForm } from "../../../core/line.js";
import type { JsonObject, Level } from "../../../core/record.js";
import type { Beginning } from "../../by-first.js";
import type { UsualHeads } from "../../heads/usual.js";

/** What a shape reads out of the first line of an event. Undefined fields were not said. */
export interface TextReading {
  readonly level: Level | undefined;
  /** The text without what the other fields hold; the whole line where taking it apart would lose something. */
  readonly message: string;
  /** The named values of the line. */
  readonly data: JsonObject | undefined;
  /** The data as a text of JSON, where that is known without writing it. */
  readonly json?: string | undefined;
  /** The program chose the data's names itself (logfmt): they may say the record's fields as JSON's names do. */
  readonly named?: boolean;
}

/**
 * A kind of text line. `read` answers `undefined` for lines that are not of this kind; it takes time linear in
 * the line (anchored patterns with bounded repeats) and never throws.
 */
export interface TextShape extends Beginning {
  readonly name: string;
  /** Takes lines of many programs, so it is always asked last. */
  readonly general?: boolean;
  /**
   * `text` is one line without colours; two where Java's own logging has a head of two. `learned` is what the container's
   * lines taught before it, `usual` the heads that they had.
   */
  read(text: string, learned?: LearnedForm, usual?: UsualHeads): TextReading | undefined;
}

/** An object of those values that are there; `undefined` when none is. */
export function dataOf(values: {
  readonly [name: string]: string | number | undefined;
}): JsonObject | undefined {
  const data: { [name: string]: string | number } = {};
  let any = false;
  for (const name in values) {
    const value = values[name];
    if (value === undefined || value === "") continue;
    data[name] = value;
    any = true;
  }
  return any ? data : undefined;
}

/** A whole number of a few digits, of a pattern's group. */
export function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined || digits === "" ? undefined : Number(digits);
}

/** The value of a place where a dash stands for nothing. */
export function said(value: string | undefined): string | undefined {
  return value === "-" ? undefined : value;
}
