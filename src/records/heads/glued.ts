import { isDigit, isHexadecimal } from "../../core/characters.js";
import { levelOfOrdinaryWord } from "./level-words.js";
import { matchAt } from "./match.js";
import { address, beforeAt, degree, processName } from "./patterns.js";
import type { HeadData, HeadWalk } from "./shape.js";
import { endOfDated } from "./times.js";

/** What times and levels have right before or behind them. */

const SPACE = 32;
const COMMA = 44;
const COLON = 58;
const SEMICOLON = 59;
const AT = 64;

/** Python's and Jetty's heads between colons: `:INFO:shop:`, `:shop:INFO:`, `:INFO:oejs.Server:main: `. */
const glued = /:(?:([\w.$-]{1,100}):)?(?=(?:DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL):)/y;
/** A logger between two colons behind a time that a level stands before. */
const gluedName = /:([\w.$-]{1,100}):(?= )/y;
/** A thread between a time and a level in small letters: `15:05:12@162/info - `. */
const threadNext = /@[\w-]{1,40}\/(?=[a-z]{4,8} - )/y;
const facilityName = /\/([A-Za-z][\w-]{0,60})(?=: )/y;
/** Columns of a CSV: a level behind the time, a name behind the level. */
const capitalNext = /[,;](?=[A-Z]{3,9}[,;])/y;
const columnNext = /[,;](?:([A-Za-z_][\w.$-]{0,100})[,;])?/y;
const gluedBehind = /:(?:([\w.$-]{0,100}):(?:(main|[\w.@-]{1,60}(?:Thread|-\d{1,6})): )?)?/y;

/** Where a time ends behind which a level stands with nothing but a colon, a comma, or a name and colons, between. */
export function endOfGlued(text: string, end: number, data: HeadData, behindLevel: boolean): number {
  const behind = text.charCodeAt(end);
  if (behind === COMMA || behind === SEMICOLON)
    return !behindLevel && matchAt(capitalNext, text, end) !== null ? capitalNext.lastIndex : end;
  if (behind === AT && matchAt(threadNext, text, end) !== null) {
    data.thread ??= text.slice(end + 1, threadNext.lastIndex - 1);
    return threadNext.lastIndex;
  }
  if (behind !== COLON || text.charCodeAt(end + 1) === SPACE) return end;
  const pattern = behindLevel ? gluedName : glued;
  const found = matchAt(pattern, text, end);
  if (found === null) return end;
  if (found[1] !== undefined) data.logger ??= found[1];
  return pattern.lastIndex;
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
    const facility = matchAt(facilityName, text, end);
    if (facility !== null) data.logger ??= facility[1] as string;
    if (facility !== null) return facilityName.lastIndex;
    const found = matchAt(processName, text, end);
    if (found !== null) data.thread ??= found[1] as string;
    return found === null ? end : processName.lastIndex;
  }
  if ((behind === "," || behind === ";") && data.time !== undefined) return endOfColumns(text, end, data);
  if (behind === ":" && data.time === undefined && endOfDated(text, end + 1) >= 0) return end + 1;
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

function endOfColumns(text: string, end: number, data: HeadData): number {
  if (text.charCodeAt(end + 1) === SPACE) return end;
  const found = matchAt(columnNext, text, end);
  if (found?.[1] !== undefined) data.logger ??= found[1];
  return columnNext.lastIndex;
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
