import { NOT_PART, type Trace } from "./trace.js";
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
/** Java's causes and shortened frames, .NET's inner exceptions. */
const further =
  /^\s{0,80}(?:(?:Caused by|Suppressed|Wrapped by): |\.\.\. \d+ (?:more|common frames omitted|lines matching cause stack trace)|---> \S|--- End of )/;
/** Spring Boot sets its traces off with an empty line. */
const spring = / --- \[/;

/** A frame as V8, Java and .NET print it: indented, `at `, and a place behind it. */
export function isFrame(text: string): boolean {
  return frameHead.test(text) && frameTail.test(text.length > 300 ? text.slice(-300) : text);
}

/** Frames never stand alone: they belong to whatever text was printed before them. */
function follow(before: string, text: string): number {
  if (isFrame(text)) return afterFrame(text);
  if (text === "") return spring.test(before) && reportsTrouble(before) ? THROWN : NOT_PART;
  return thrown.test(text) && reportsTrouble(before) ? THROWN : NOT_PART;
}

function start(text: string): number {
  if (isFrame(text)) return afterFrame(text);
  return thrown.test(text) ? THROWN : NOT_PART;
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
export const frames: Trace = { follow, start, next };
