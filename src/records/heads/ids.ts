import { isDigit } from "../../core/characters.js";
import { matchAt } from "./match.js";

const COLON = 58;
const ROUND = 40;

/** Zabbix: a process, and a time right behind it. */
const beforeTime = /(\d{1,10}):(?=\d{8}:\d{6}\.\d{3} )/y;
/** Kamailio: the number of a process and its id, before a level. */
const beforeLevel = /\d{1,5}\((\d{1,10})\) {1,2}(?=[A-Z]{4,8}: )/y;

/** A process id before the time or level of a line. */
export interface IdBefore {
  readonly id: string;
  readonly end: number;
  readonly kind: "dated" | "counted";
}

/** The id that stands at `at`. What follows the first digits tells nearly all other lines. */
export function idBefore(text: string, at: number): IdBefore | undefined {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end += 1;
  const behind = text.charCodeAt(end);
  if (end === at || (behind !== COLON && behind !== ROUND)) return undefined;
  const pattern = behind === COLON ? beforeTime : beforeLevel;
  const found = matchAt(pattern, text, at);
  if (found === null) return undefined;
  return { id: found[1] as string, end: pattern.lastIndex, kind: behind === COLON ? "dated" : "counted" };
}
