import type { LearnedForm } from "../../core/line.js";
import { kindOf } from "./kinds.js";
import { HeadScan } from "./scan.js";
import { type Head, LONGEST_HEAD } from "./shape.js";
import type { UsualHeads } from "./usual.js";

/**
 * The head of a line, taken apart by one grammar for all programs: times, levels, process ids, threads, loggers, places
 * in the source, request ids and pairs, in brackets or bare, in any order, with what separates them. Undefined for
 * lines without one: a time or a level must be in it.
 *
 * `learned` decides where one line alone leaves it open, see docs/decisions. `usual` makes it cheaper and changes nothing.
 */
export function readHead(text: string, learned?: LearnedForm, usual?: UsualHeads): Head | undefined {
  const first = text.charCodeAt(0);
  if (first === 123 || Number.isNaN(first)) return undefined;
  const begin = text.length > LONGEST_HEAD ? text.slice(0, LONGEST_HEAD) : text;
  const known = usual?.read(begin, learned);
  if (known !== undefined) return known;
  // Sentences begin with a letter and go on in lower case: most of them need no further look.
  if (first >= 65 && first <= 122 && first !== 91 && kindOf(begin) === "") return undefined;
  const head = new HeadScan(begin, learned).read();
  if (head !== undefined) usual?.keep(begin, head, learned);
  return head;
}
