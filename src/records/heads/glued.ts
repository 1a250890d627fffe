import { isDigit, isHexadecimal } from "../../core/characters.js";
import { levelOfOrdinaryWord } from "./level-words.js";
import { matchAt } from "./match.js";
import { address, beforeAt, degree, processName } from "./patterns.js";
import type { HeadData, HeadWalk } from "./shape.js";

/** What times and levels have right before or behind them. */

const SPACE = 32;

/** Python's and Jetty's heads between colons: `:INFO:shop:`, `:shop:INFO:`, `:INFO:oejs.Server:main: `. */
const glued = /:(?:([\w.$-]{1,100}):)?(?=(?:DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL):)/y;
const gluedBehind = /:(?:([\w.$-]{0,100}):(?:(main|[\w.@-]{1,60}(?:Thread|-\d{1,6})): )?)?/y;

/** Where a time ends behind which a level stands with nothing but a colon, or a name and colons, between. */
export function endOfGlued(text: string, end: number, data: HeadData): number {
  if (text.charCodeAt(end) !== 58 || text.charCodeAt(end + 1) === SPACE) return end;
  const found = matchAt(glued, text, end);
  if (found === null) return end;
  if (found[1] !== undefined) data.logger ??= found[1];
  return glued.lastIndex;
}

/** A name, and `@` before the time. */
export function takeBeforeTime(scan: HeadWalk): boolean {
  const found = matchAt(beforeAt, scan.text, scan.at);
  if (found === null) return false;
  const level = levelOfOrdinaryWord(found[1] ?? "");
  if (level !== undefined) scan.level ??= level;
  else if (found[1] !== undefined) scan.tentative = { ...scan.tentative, logger: found[1] };
  scan.at += found[0].length;
  return true;
}

/** Where a level ends of which the word ends at `end`: behind a process (`WARNING/MainProcess`), a degree (`debug 1: `), or names between colons. */
export function endOfLevel(text: string, end: number, data: HeadData): number {
  const behind = text[end];
  if (behind === "/") {
    const found = matchAt(processName, text, end);
    if (found !== null) data.thread ??= found[1] as string;
    return found === null ? end : processName.lastIndex;
  }
  if (behind === ":" && data.time !== undefined && text.charCodeAt(end + 1) !== SPACE) {
    const found = matchAt(gluedBehind, text, end);
    if (found === null || end + found[0].length > text.length) return end;
    if (found[1] !== undefined && found[1] !== "") data.logger ??= found[1];
    if (found[2] !== undefined) data.thread ??= found[2];
    return gluedBehind.lastIndex;
  }
  const mayBeDegree = behind === " " && isDigit(text.charCodeAt(end + 1));
  return mayBeDegree && matchAt(degree, text, end) !== null ? degree.lastIndex : end;
}

/** A thread behind a time, by its address: OpenLDAP, Privoxy. */
export function takeAddress(scan: HeadWalk): boolean {
  if (!isHexadecimal(scan.text.charCodeAt(scan.at))) return false;
  const found = matchAt(address, scan.text, scan.at);
  if (found === null) return false;
  scan.data.thread ??= found[0];
  scan.at = address.lastIndex;
  scan.commit();
  return true;
}
