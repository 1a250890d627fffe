import { NOT_PART, never, type Trace } from "./trace.js";

/** A traceback each line of which has the whole head of the record again, as OpenStack's logging prints it (oslo.log, `logging_exception_prefix`). */

/** Heads begin with a time, or with a level. */
const begins = /^[\dA-Z[]/;
const BEGIN = "Traceback (most recent call last):";
/** Where the traceback's own text begins, in a line whose head is no longer than this. */
const LONGEST_HEAD = 300;
/** From here on the same column of a traceback whose exception was printed. */
const THROWN = LONGEST_HEAD + 1;
const SPACE = 32;
const between = /^(?:During handling of the above exception|The above exception was the direct cause)/;
/** `KeyError: 'price'`, `nova.exception.InstanceNotFound: …`. */
const exception =
  /^(?:(?:\w{1,60}\.){1,12}[A-Z]\w{0,100}|[A-Z]\w{0,100}(?:Error|Exception|Exit|Interrupt))(?::|$)/;

/** The line before was the record, with the same head. */
function follow(before: string, text: string): number {
  if (!text.endsWith(BEGIN) || !begins.test(text)) return NOT_PART;
  const column = text.length - BEGIN.length;
  if (column < 1 || column > LONGEST_HEAD) return NOT_PART;
  return before.startsWith(text.slice(0, column).trimEnd()) ? column : NOT_PART;
}

function next(state: number, text: string): number {
  const column = state >= THROWN ? state - THROWN : state;
  if (text.length < column - 1 || text.charCodeAt(column - 1) > SPACE) return NOT_PART;
  const own = text.slice(column);
  if (own.trim() === "" || between.test(own) || own === BEGIN) return column;
  if (exception.test(own)) return column + THROWN;
  return state < THROWN && own.startsWith("  ") ? column : NOT_PART;
}

export const headedPython: Trace = { begins, follow, start: never, next };
