import type { LearnedForm } from "../../core/line.js";
import { kindOf } from "./kinds.js";
import { HeadScan } from "./scan.js";
import type { Head } from "./shape.js";

/** Heads are looked for in so many characters. */
const LONGEST_HEAD = 300;

/**
 * The head of a line, taken apart by one grammar for all programs: times, levels, process ids, threads, loggers, places
 * in the source, request ids and pairs, in brackets or bare, in any order, with what separates them. Undefined for
 * lines without one: a time or a level must be in it.
 *
 * `learned` decides where one line alone leaves it open, see docs/decisions.
 */
export function readHead(text: string, learned?: LearnedForm): Head | undefined {
  const first = text.charCodeAt(0);
  // Sentences begin with a letter and go on in lower case: most of them need no further look.
  if (first === 123 || Number.isNaN(first)) return undefined;
  if (first >= 65 && first <= 122 && first !== 91 && kindOf(text) === "") return undefined;
  return new HeadScan(text.length > LONGEST_HEAD ? text.slice(0, LONGEST_HEAD) : text, learned).read();
}
