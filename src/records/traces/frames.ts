import { isDigit, isWordCharacter } from "../../core/characters.js";
import { readHead } from "../heads/head.js";
import { NOT_PART, never, type Trace } from "./trace.js";
import { reportsTrouble } from "./trouble.js";

/** An exception's own line was printed, no frame yet. */
const THROWN = 1;
const FRAMES = 2;
/** Inside the braces in which Node shows an error's properties behind its frames. */
const PROPERTIES = 3;
const CLOSED = 4;

const frameHead = /^\s{1,80}at \S/;
const frameTail = /(?:\)|:(?:line )?\d+|\) ~?\[[^\]]{1,200}\])(?:,| \{)?$/;
/** A dotted class: `java.io.IOException: …`, `Exception in thread "main" …`, .NET's `Unhandled exception. …`. */
const thrown =
  /^(?:Exception in thread "[^"]{0,200}" |Unhandled exception\. )?(?:[\w$]{1,100}[./+]){1,20}[\w$]{0,100}(?:Exception|Error|Throwable)(?::|$)/;
/** `Exception` and `Unhandled`, behind which a blank may stand, have as many letters. */
const FIRST_WORD = 9;
const LONGEST_WORD = 100;
/** Java's causes and shortened frames, .NET's inner exceptions. */
const further =
  /^\s{0,80}(?:(?:Caused by|Suppressed|Wrapped by): |\.\.\. \d+ (?:more|common frames omitted|lines matching cause stack trace)|---> \S|--- End of )/;
/** Spring Boot sets its traces off with an empty line. */
const spring = / --- \[/;

/** A frame as V8, Java and .NET print it: indented, `at `, and a place behind it. */
export function isFrame(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first > 32 && first < 128) return false;
  return frameHead.test(text) && frameTail.test(text.length > 300 ? text.slice(-300) : text);
}

/** `frameTail` ends with `)`, a comma, `]`, `{`, or the number of a line. */
function mayEndFrame(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  if (!isDigit(last)) return last === 41 || last === 44 || last === 93 || last === 123;
  let at = text.length - 1;
  while (isDigit(text.charCodeAt(at))) at -= 1;
  return text.charCodeAt(at) === 58 || text.endsWith(":line ", at + 1);
}

/** The line of an exception. What stands behind the first word tells nearly all other lines, without the pattern. */
function isThrown(text: string): boolean {
  let end = 0;
  while (isClassPart(text.charCodeAt(end))) end += 1;
  if (text.charCodeAt(end) === 32) return end === FIRST_WORD && thrown.test(text);
  return (end === text.length || text.charCodeAt(end) === 58) && thrown.test(text);
}

/** Of a class with its package, whatever its language sets between the parts. */
function isClassPart(code: number): boolean {
  return isWordCharacter(code) || code === 36 || code === 46 || code === 47 || code === 43;
}

/** Frames never stand alone: they belong to whatever text was printed before them. */
function follow(before: string, text: string): number {
  if (isFrame(text)) return afterFrame(text);
  if (text === "") return spring.test(before) && reportsTrouble(before) ? THROWN : NOT_PART;
  const isFurther = isThrown(text) || (isPlainError(text) && isAbout(before, text));
  return isFurther && reportsTrouble(before) ? THROWN : NOT_PART;
}

/** JavaScript's errors have no package (`TypeError: …`): they may be events of their own. */
function isPlainError(text: string): boolean {
  const colon = text.indexOf(":");
  return colon > 4 && colon < LONGEST_WORD && text.startsWith("Error", colon - 5) && isWord(text, colon);
}

function isWord(text: string, end: number): boolean {
  let at = 0;
  while (at < end && isWordCharacter(text.charCodeAt(at))) at += 1;
  return at === end;
}

/** Whether a logger printed the line before, or it said the same words. */
function isAbout(before: string, error: string): boolean {
  return before.endsWith(error.slice(error.indexOf(": ") + 2)) || readHead(before)?.data.time !== undefined;
}

function start(text: string): number {
  if (isFrame(text)) return afterFrame(text);
  return isThrown(text) ? THROWN : NOT_PART;
}

function next(state: number, text: string): number {
  if (state === PROPERTIES) {
    if (text === "}") return CLOSED;
    return text.startsWith("  ") ? PROPERTIES : NOT_PART;
  }
  if (state === CLOSED) return NOT_PART;
  if (isFrame(text)) return afterFrame(text);
  if (further.test(text)) return FRAMES;
  return state === THROWN && thrown.test(text) ? THROWN : NOT_PART;
}

function afterFrame(text: string): number {
  return text.endsWith(" {") ? PROPERTIES : FRAMES;
}

/** Stack traces of Java, Kotlin, Scala, .NET, and of JavaScript where an error was logged (not uncaught). */
export const frames: Trace = { begins: /^(?:[\w$\s\u0080-\uffff]|$)/, follow, start, next };

const badge = /^(?:\[[^\]]{1,60}\] )? ?(?:WARN|ERROR|FATAL) {2}\S/;
const cause = /^\s{1,40}\[cause\]: /;
const BLANK = 1;
const BLANKS = 2;
const STACK = 3;

/** An error under a badge, set off with empty lines, as are its frames and its causes (consola). */
export const badgedError: Trace = {
  begins: /^$/,
  follow: (before, text) => (text === "" && badge.test(before) ? BLANK : NOT_PART),
  start: never,
  next: (state, text) => {
    if (text === "") return state === BLANKS ? NOT_PART : state === BLANK ? BLANKS : BLANK;
    return isFrame(text) || cause.test(text) ? STACK : NOT_PART;
  },
};

const indentedFrame = / {4,40}at \S/;

/** Frames before which the head of the error's line is printed again. */
export const prefixedFrames: Trace = {
  follow: isPrefixed,
  start: never,
  next: (_state, text) =>
    indentedFrame.test(text.slice(0, 200)) && frameTail.test(text.slice(-300)) ? FRAMES : NOT_PART,
};

function isPrefixed(before: string, text: string): number {
  if (!mayEndFrame(text)) return NOT_PART;
  const at = text.indexOf("    at ");
  if (at < 1 || at > 120 || !frameTail.test(text.slice(-300))) return NOT_PART;
  return before.startsWith(text.slice(0, at)) && reportsTrouble(before) ? FRAMES : NOT_PART;
}
