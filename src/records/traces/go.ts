import { NOT_PART, never, type Trace } from "./trace.js";

const PANIC = 1;
/** An empty line: a goroutine may come. */
const GAP = 2;
const STACK = 3;
const ENDED = 4;

const panic = /^(?:panic: |fatal error: |unexpected fault address |SIG[A-Z]{2,6}: )/;
const panicMore =
  /^(?:\s{1,8}(?:panic: |fatal error: )|\[signal |\[recovered|PC=0x|signal arrived |fatal error: )/;
const goroutine = /^(?:goroutine \d+ .{0,100}\[.{1,200}\]:|goroutine \d+ \[.{1,200}\]:|runtime stack:)$/;
/** A function with its arguments, as the runtime prints it: no spaces before the bracket. */
const call = /^[A-Za-z_][\w./%*()[\]{}·~-]{0,500}\(/;
const further = /^(?:\t\S|created by \S|\.\.\.additional frames elided|\.\.\.\d+ frames elided)/;
const exit = /^exit status \d+$/;

/** `http: panic serving …` is a log line; its goroutine follows. */
function follow(before: string, text: string): number {
  return goroutine.test(text) && before.includes("panic") ? STACK : NOT_PART;
}

function start(text: string): number {
  if (panic.test(text)) return PANIC;
  return goroutine.test(text) ? STACK : NOT_PART;
}

function next(state: number, text: string): number {
  if (state === ENDED) return NOT_PART;
  if (exit.test(text)) return ENDED;
  if (text === "") return state === GAP ? NOT_PART : GAP;
  if (goroutine.test(text)) return STACK;
  if (state === PANIC) return panicMore.test(text) ? PANIC : NOT_PART;
  if (state === GAP) return NOT_PART;
  return further.test(text) || (text.endsWith(")") && call.test(text)) ? STACK : NOT_PART;
}

/** Go's runtime: panics, fatal errors, signals, with all goroutines; https://pkg.go.dev/runtime#hdr-Environment_Variables. */
export const goPanic: Trace = { follow, start, next };

const zapLine = /^\S{1,40}\t(?:WARN|ERROR|DPANIC|PANIC|FATAL)\t/;
/** `main.main`, `github.com/shop/cart.(*Cart).Pay.func1`, `main.Map[...]`. */
const goFunction = /^[\w.~/-]{1,300}\.[\w.*()[\]-]{1,300}$/;
const goPlace = /^\t\S{1,500}:\d{1,9}$/;
const FUNCTION = 1;
const PLACE = 2;

/** zap's development logger, which prints the stack behind warnings and worse: a function, and its place below it. */
export const zapStack: Trace = {
  follow: (before, text) => {
    // Few lines have a tab: the patterns are for those.
    if (!before.includes("\t") || text.includes(" ")) return NOT_PART;
    return zapLine.test(before) && goFunction.test(text) ? FUNCTION : NOT_PART;
  },
  start: never,
  next: (state, text) => {
    if (state === FUNCTION) return goPlace.test(text) ? PLACE : NOT_PART;
    return goFunction.test(text) ? FUNCTION : NOT_PART;
  },
};
