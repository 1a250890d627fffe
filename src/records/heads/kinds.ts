import { isCapital, isDigit, isLetter, isSmall } from "../../core/characters.js";
import { levelOfWord } from "../../core/level-words.js";
import { idBefore } from "./ids.js";
import { beginsWithLetter, beginsWithWord, levelAtStart } from "./level-starts.js";
import { levelOfOrdinaryWord, paddedSignAt } from "./level-words.js";
import { matchAt } from "./match.js";
import {
  gluedPrefix,
  nameBeforeLevel,
  namedColumn,
  nameThenLevel,
  paddedLevel,
  placeBeforeLevel,
  report,
} from "./patterns.js";
import { endOfClock, endOfDated, endOfNumber } from "./times.js";
import { mayHaveLevelNext } from "./words-ahead.js";

/** How a line begins, as one word. Empty for lines that begin like prose. */
export type Kind = string;

/**
 * Beginnings that text of other kinds has too (a name in brackets, a time without a date): they are a head only where
 * the container's lines begin so.
 */
const WEAK = new Set<Kind>([
  ...["clock", "number", "word", "sign", "[name", "padded", "padded dated", "pair", "named", "letter"],
]);

const klog = /^[DIWECF]\d{4}(?:\d\d){0,2}[ -]\d\d:/;
const ruby = /^[DIWEFAU], \[/;
const redis = /^\d{1,10}:(?:[XCSM] \d|signal-handler \()/;
const address = /^(?:\d{1,3}\.){3}\d{1,3}[ :,]/;
const wordBeforeTime = /^[A-Z]{3,12} {1,8}(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:|\d{4}-\d\d-\d\d[ T])/;
const knownPair = /^(?:time|ts|t|level|lvl|severity|timestamp|at)=\S/;
const anyPair = /^[a-z_][\w.]{0,40}=\S/;
const bracketedWord = /^\[ {0,2}([A-Za-z]{1,13})\d? {0,8}\]/;
/** env_logger without times: `[INFO  shop::cart] `. */
const bracketedLevel = /^\[([A-Z]{4,8})(?: {1,6}|\|)[\w.:/-]{1,80}(?: [\w.:/-]{1,80})?\](?: |$)/;
const bracketedName = /^\[[\w.$:/@#-]{1,60}\][ :]/;
const tornado = /^\[[DIWEC] \d/;
/** Milliseconds since the start, perhaps a thread, and a level. */
const counted = /^\d{1,9} {1,8}(?:\[[^\]]{1,60}\] {1,3}[A-Z]{4,8}|TRACE|DEBUG|INFO|WARN|ERROR|FATAL) /;
const uptime = /^\[ {0,12}\d{1,9}\.\d{3,9}s?\]/;

/** How `text` begins. Costs a pattern or two: it is asked for each line. */
export function kindOf(text: string): Kind {
  const first = text.charCodeAt(0);
  if (first === 91) return kindOfBracket(text);
  if (first >= 48 && first <= 57) return kindOfDigit(text);
  if (first === 32) return kindOfPadded(text);
  if (first === 9) return "";
  if (first === 61) return matchAt(report, text, 0) === null ? "" : "dated";
  const level = levelAtStart(text);
  if (level !== undefined) return kindOfLevel(text, first, level.end);
  return first >= 97 && first <= 122 ? kindOfLower(text) : kindOfUpper(text);
}

/** A badge may be a word that is lined up. */
function kindOfPadded(text: string): Kind {
  const blanks = blanksBefore(text);
  if (endOfDated(text, blanks) >= 0) return "padded dated";
  const id = idBefore(text, blanks);
  if (id !== undefined) return id.kind === "dated" ? "padded dated" : id.kind;
  if (paddedSignAt(text, blanks) !== undefined) return "sign";
  const word = matchAt(paddedLevel, text, 0)?.[1];
  if (word === undefined || levelOfWord(word) === undefined) return "";
  return text.charCodeAt(paddedLevel.lastIndex) === 32 && text.charCodeAt(paddedLevel.lastIndex + 1) === 32
    ? "padded"
    : "level";
}

/** A time may stand behind a few blanks. */
export function blanksBefore(text: string): number {
  let blanks = 0;
  while (blanks < 8 && text.charCodeAt(blanks) === 32) blanks += 1;
  return blanks;
}

function kindOfUpper(text: string): Kind {
  if (endOfDated(text, 0) >= 0) return "dated";
  const second = text.charCodeAt(1);
  if (second >= 48 && second <= 57 && klog.test(text)) return "klog";
  if (second === 44 && ruby.test(text)) return "ruby";
  if (second < 97 && (isGlued(text) || wordBeforeTime.test(text))) return "dated";
  if (second === 32) return beginsWithLetter(text) ? "letter" : "";
  if (second < 97) return "";
  let end = 1;
  while (end < 42 && isNameLetter(text.charCodeAt(end))) end += 1;
  const behind = text.charCodeAt(end);
  if (isPlaceFirst(text, behind)) return "level";
  if (mayBeGlued(text, end) && isGlued(text)) return "dated";
  if (behind !== 58 && behind !== 32) return "";
  if (isNamed(text, end)) return "level";
  if (behind === 32 && isNamedFirst(text, end)) return "named";
  return behind === 58 && beginsWithWord(text) ? "word" : "";
}

/** `shop.cart   : INFO     paid`, `shop.cart - INFO - paid`: behind the first word nothing but blanks before the colon or dash. */
function isNamed(text: string, end: number): boolean {
  let colon = end;
  while (text.charCodeAt(colon) === 32) colon += 1;
  const sign = text.charCodeAt(colon);
  return (sign === 58 || sign === 45) && matchAt(nameBeforeLevel, text, 0) !== null;
}

/** Most lines of prose come here, or to capitals: what stands behind the first word tells most of them apart. */
function kindOfLower(text: string): Kind {
  let end = 1;
  while (end < 42 && isNameLetter(text.charCodeAt(end))) end += 1;
  const behind = text.charCodeAt(end);
  if (isPlaceFirst(text, behind)) return "level";
  if (mayBeGlued(text, end) && isGlued(text)) return "dated";
  if (behind === 32 || (behind === 58 && text.charCodeAt(end + 1) === 32))
    return isNamed(text, end)
      ? "level"
      : isNamedFirst(text, end)
        ? "named"
        : beginsWithWord(text)
          ? "word"
          : isColumns(text)
            ? "columns"
            : "";
  if (behind === 61) return knownPair.test(text) ? "pairs" : anyPair.test(text) ? "pair" : "";
  if (behind >= 48 && behind <= 57) {
    if (endOfNumber(text, 0) >= 0) return "hexadecimal";
    return isGlued(text) ? "dated" : anyPair.test(text) ? "pair" : "";
  }
  return "";
}

/** Whether a digit stands at the end of the first word, or behind a colon or a blank. */
function mayBeGlued(text: string, end: number): boolean {
  const behind = text.charCodeAt(end);
  if (isDigit(behind)) return true;
  return (
    (behind === 32 || behind === 58) &&
    (isDigit(text.charCodeAt(end + 1)) || isDigit(text.charCodeAt(end + 2)))
  );
}

/** A prefix of Go's `log` before a time: behind the first word, a colon and a blank stands a digit. */
function isGlued(text: string): boolean {
  let end = 0;
  while (end < 42 && isNameLetter(text.charCodeAt(end))) end += 1;
  if (text.charCodeAt(end) === 58) end += 1;
  if (text.charCodeAt(end) === 32) end += 1;
  return isDigit(text.charCodeAt(end)) && matchAt(gluedPrefix, text, 0) !== null;
}

/** `cart.c:7: warn: slow`: `behind` stands behind the letters of the first word. */
function isPlaceFirst(text: string, behind: number): boolean {
  return (
    (behind === 58 || behind === 47 || (behind >= 48 && behind <= 57)) &&
    matchAt(placeBeforeLevel, text, 0) !== null
  );
}

/** `blank` is where the first word ends. */
function isNamedFirst(text: string, blank: number): boolean {
  const next = text.charCodeAt(blank + 1);
  if (next !== 32 && !isCapital(next)) return false;
  return mayHaveLevelNext(text) && matchAt(nameThenLevel, text, 0) !== null;
}

function isColumns(text: string): boolean {
  return text.includes("\t") && matchAt(namedColumn, text, 0) !== null;
}

function isNameLetter(code: number): boolean {
  return isLetter(code) || code === 95 || code === 45 || code === 46;
}

/** Whether a beginning of this kind is a head where the container's lines begin with `usual`. */
export function isHead(kind: Kind, usual: Kind): boolean {
  return kind !== "" && (kind === usual || !WEAK.has(kind));
}

function kindOfLevel(text: string, first: number, end: number): Kind {
  if (first >= 128) return "sign";
  if (first >= 97) return text[end] === ":" ? "level" : "word";
  if (first === 60) return "priority";
  return isSmall(text.charCodeAt(1)) ? "titled" : "level";
}

function kindOfBracket(text: string): Kind {
  const at = text.charCodeAt(1) === 32 ? 2 : 1;
  if (endOfDated(text, at) >= 0) return "[dated";
  if (endOfClock(text, at) >= 0) return "[clock";
  if (tornado.test(text)) return "[dated";
  if (endOfNumber(text, at) >= 0 || uptime.test(text)) return "[number";
  const word = bracketedWord.exec(text) ?? bracketedLevel.exec(text);
  if (word !== null && levelOfOrdinaryWord(word[1] as string) !== undefined) return "[level";
  if (levelAtStart(text) !== undefined) return "sign";
  return bracketedName.test(text) ? "[name" : "";
}

function kindOfDigit(text: string): Kind {
  if (endOfDated(text, 0) >= 0) return "dated";
  if (address.test(text)) return "address";
  if (redis.test(text)) return "redis";
  const id = idBefore(text, 0);
  if (id !== undefined) return id.kind;
  if (counted.test(text)) return "counted";
  if (endOfClock(text, 0) >= 0) return "clock";
  return endOfNumber(text, 0) >= 0 ? "number" : "";
}
