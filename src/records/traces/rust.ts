import { NOT_PART, never, type Trace } from "./trace.js";

/** The place was printed; the message comes on the next line (since Rust 1.73). */
const PLACE = 1;
const MESSAGE = 2;
const STACK = 3;

const head = /^thread '.{1,300}' (?:\(\d+\) )?panicked at /;
const BACKTRACE = "stack backtrace:";
const operand = /^\s{1,8}(?:left|right): /;
const frame = /^\s{1,40}(?:\d+: |at |\[\.\.\. omitted)/;

function start(text: string): number {
  // Behind a message of several lines, the first of which alone is known as one.
  if (text === BACKTRACE) return STACK;
  if (!text.startsWith("thread '") || !head.test(text)) return NOT_PART;
  return text.endsWith(":") ? PLACE : MESSAGE;
}

function next(state: number, text: string): number {
  if (state === PLACE) return text === "" ? NOT_PART : MESSAGE;
  if (text.startsWith("note: ")) return MESSAGE;
  if (state === STACK) return frame.test(text) ? STACK : NOT_PART;
  if (text === BACKTRACE) return STACK;
  return operand.test(text) ? MESSAGE : NOT_PART;
}

/** A panic of Rust's standard library, with the operands of `assert_eq!`, its notes and its backtrace. */
export const rustPanic: Trace = { begins: /^[st]/, follow: never, start, next };
