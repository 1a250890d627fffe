import { kindOf } from "../heads/kinds.js";
import { NOT_PART, never, type Trace } from "./trace.js";
import { reportsTrouble } from "./trouble.js";

const PANIC = 1;
/** An empty line: a goroutine may come. */
const GAP = 2;
const STACK = 3;
const ENDED = 4;
/** The further lines of what was thrown; the states from here on count them. */
const MESSAGE = 10;
const LONGEST_MESSAGE = MESSAGE + 30;

const panic = /^(?:panic: |fatal error: |unexpected fault address |SIG[A-Z]{2,6}: )/;
const panicMore =
  /^(?:\s{1,8}(?:panic: |fatal error: )|\[signal |\[recovered|PC=0x|signal arrived |fatal error: |m=\d|sigcode|instruction bytes:)/;
/** Registers, which a signal that the program did not handle prints last. */
const register = /^(?:[a-z]{1,6}\d{0,2} {1,8}0x[\da-f]{1,16}|[a-z]{1,6}\d{0,2} {1,8}\d)$/;
const goroutine = /^(?:goroutine \d+ .{0,200}\[.{1,200}\]:|goroutine \d+ \[.{1,200}\]:|runtime stack:)$/;
const loggedGoroutine = / goroutine \d{1,9} \[.{1,200}\]:$/;
/** A function with its arguments, as the runtime prints it: no spaces before the bracket. */
const call = /^[A-Za-z_][\w./%*()[\]{}·~-]{0,500}\(/;
const further = /^(?:\t\S|created by \S|\.\.\.additional frames elided|\.\.\.\d+ frames elided)/;
const exit = /^exit status \d+$/;
const begins = /^[A-Za-z_\t]/;
/** A server caught it and says so: what was thrown may have several lines. */
const caught = /\bpanic serving \S{1,100}: /;

/** `http: panic serving …` is a log line; its goroutine follows, or, where that was logged itself, its calls. */
function follow(before: string, text: string): number {
  if (goroutine.test(text)) return /panic/i.test(before) || reportsTrouble(before) ? STACK : NOT_PART;
  if (isCaught(before, text) && begins.test(text) && isFurtherMessage(text)) return MESSAGE;
  return text.endsWith(")") && loggedGoroutine.test(before) && call.test(text) ? STACK : NOT_PART;
}

/** Log lines of one program begin alike: most are not looked through. */
function isCaught(before: string, text: string): boolean {
  return (
    before.charCodeAt(0) !== text.charCodeAt(0) && before.includes("panic serving ") && caught.test(before)
  );
}

/** Since Go 1.23 such lines are indented by a tab. */
function isFurtherMessage(text: string): boolean {
  return text !== "" && kindOf(text) === "";
}

function start(text: string): number {
  if (panic.test(text)) return PANIC;
  return goroutine.test(text) ? STACK : NOT_PART;
}

function next(state: number, text: string): number {
  if (state === ENDED) return NOT_PART;
  if (exit.test(text)) return ENDED;
  if (text === "") return state === GAP ? NOT_PART : GAP;
  if (goroutine.test(text) || register.test(text)) return STACK;
  if (state === PANIC || state >= MESSAGE) return messageGoesOn(state, text);
  if (state === GAP) return NOT_PART;
  return further.test(text) || (text.endsWith(")") && call.test(text)) ? STACK : NOT_PART;
}

/** What was thrown may have several lines, of which none begins as a log line does. */
function messageGoesOn(state: number, text: string): number {
  if (panicMore.test(text)) return PANIC;
  if (!isFurtherMessage(text)) return NOT_PART;
  return state === PANIC ? MESSAGE : state < LONGEST_MESSAGE ? state + 1 : NOT_PART;
}

/** Go's runtime: panics, fatal errors, signals, with all goroutines; https://pkg.go.dev/runtime#hdr-Environment_Variables. */
export const goPanic: Trace = { begins, follow, start, next };

const zapLine = /^\S{1,40}\t(?:WARN|ERROR|DPANIC|PANIC|FATAL)\t/;
/** `main.main`, `github.com/shop/cart.(*Cart).Pay.func1`, `main.Map[...]`. */
const goFunction = /^[\w.~/-]{1,300}\.[\w.*()[\]-]{1,300}$/;
const goPlace = /^\t\S{1,500}:\d{1,9}$/;
/** What the logger says of the place, with other separators than tabs. */
const placed = /[\s|]\S{1,200}\.go:\d{1,7}(?:\s|$)/;
const HEAD = 300;
const FUNCTION = 1;
const PLACE = 2;

/** zap's development logger, which prints the stack behind warnings and worse: a function, and its place below it. */
export const zapStack: Trace = {
  begins: /^[\w.~/-]/,
  follow: (before, text) => {
    // Few lines have no blank: the patterns are for those.
    if (text.includes(" ") || !goFunction.test(text)) return NOT_PART;
    return zapLine.test(before) || placed.test(before.slice(0, HEAD)) ? FUNCTION : NOT_PART;
  },
  start: never,
  next: (state, text) => {
    if (state === FUNCTION) return goPlace.test(text) ? PLACE : NOT_PART;
    return goFunction.test(text) ? FUNCTION : NOT_PART;
  },
};

const HEADERS = 10;
/** Before its frames come the request, with a line for each header, and what was thrown. */
const LAST_HEADER = HEADERS + 100;
const FRAME = 200;
const recovered = /panic recovered:$/;
const frame = /^\S{1,500}:\d{1,7} \(0x[\da-f]{1,16}\)$/;

/** A panic that a web framework caught and printed: the request, the error, and frames with their code below. */
export const goRecovered: Trace = {
  follow: never,
  start: (text) => (text.endsWith(":") && recovered.test(text.slice(-40)) ? HEADERS : NOT_PART),
  next: (state, text) => {
    if (frame.test(text)) return FRAME;
    if (state === FRAME) return text.startsWith("\t") || text === "" ? FRAME : NOT_PART;
    return state < LAST_HEADER ? state + 1 : NOT_PART;
  },
};

const page = /^ panic: \S/;
/** Calls and places, set off with arrows where it happened. */
const pageLine = /^(?: ->|\s{2,8}\S)/;

/** The page that a router's middleware draws of a panic: set off with a blank, and empty lines between its parts. */
export const drawnPanic: Trace = {
  begins: /^ /,
  follow: never,
  start: (text) => (page.test(text) ? PANIC : NOT_PART),
  next: (state, text) => {
    if (text === "") return state === GAP ? NOT_PART : GAP;
    return pageLine.test(text) ? STACK : NOT_PART;
  },
};
