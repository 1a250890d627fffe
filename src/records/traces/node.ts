import { readHead } from "../heads/head.js";
import { isFrame } from "./frames.js";
import { NOT_PART, never, type Trace } from "./trace.js";

/** `file:///app/a.mjs:3` was printed: the line of code comes. */
const PLACE = 1;
const CODE = 2;
/** Behind `^^^`: an empty line or what was thrown. */
const CARET = 3;
const FRAMES = 4;
const PROPERTIES = 5;
/** Behind the frames: the version may come. */
const FRAMES_END = 6;
const VERSION = 7;
/** What was thrown, which may have many lines; the states from here on count them. */
const MESSAGE = 10;
const LONGEST_MESSAGE = MESSAGE + 50;

const place = /^(?:node:[^\s:]{1,300}|(?:file:\/\/|\/|[A-Za-z]:[\\/]).{1,1000}\.[cm]?[jt]sx?):\d+$/;
const caret = /^\s{0,2000}[\^~]{1,2000}\s{0,2000}$/;
const version = /^Node\.js v\d/;

function start(text: string): number {
  const last = text.charCodeAt(text.length - 1);
  return last >= 48 && last <= 57 && place.test(text) ? PLACE : NOT_PART;
}

function next(state: number, text: string): number {
  if (state === VERSION) return NOT_PART;
  if (version.test(text)) return VERSION;
  if (state === PLACE) return CODE;
  if (state === CODE) return caret.test(text) ? CARET : NOT_PART;
  // Before frames: those of a cause stand among the properties.
  if (state === PROPERTIES) {
    if (text === "}") return FRAMES_END;
    return text.startsWith("  ") ? PROPERTIES : NOT_PART;
  }
  if (isFrame(text)) return text.endsWith(" {") ? PROPERTIES : FRAMES;
  if (state === FRAMES || state === FRAMES_END) return text === "" ? FRAMES_END : NOT_PART;
  if (state === CARET) return MESSAGE;
  return state < LONGEST_MESSAGE ? state + 1 : NOT_PART;
}

/** What Node prints when it dies of an uncaught error: place, code, caret, error, frames, properties, version. */
export const nodeCrash: Trace = { begins: /^[A-Za-z/]/, follow: never, start, next };

/** A warning of Node's and the hint behind it. */
export const nodeWarning: Trace = {
  begins: /^\(/,
  follow: (before, text) =>
    text.startsWith("(Use `node --trace-") && before.startsWith("(node:") ? VERSION : NOT_PART,
  start: never,
  next: never,
};

const OPEN = 1;
const CLOSED = 2;
/** The empty line behind a table. */
const GAP = 3;

const lastOpens = /[{[(]$/;

/**
 * An object that was printed over several lines, by `console.log`, as indented JSON or by Rust's `{:#?}`: from a line
 * that ends with an opening bracket to one that begins with a closing one.
 */
export const printedObject: Trace = {
  begins: /^[ {[]/,
  follow: (before, text) =>
    text === "[" ? listOf(before) : text.startsWith("  ") && lastOpens.test(before) ? OPEN : NOT_PART,
  start: (text) => (text === "{" ? OPEN : NOT_PART),
  next: (state, text) => {
    if (state === CLOSED) return NOT_PART;
    const first = text.charAt(0);
    if (first === "}" || first === "]" || first === ")") return CLOSED;
    return first === " " || first === "\t" ? OPEN : NOT_PART;
  },
};

/** Symfony's console prints the values of a message below it. */
function listOf(before: string): number {
  return readHead(before)?.level === undefined ? NOT_PART : OPEN;
}

const tableHead = /^ {0,8}[┌╭╔┏]|^[+.]-{2,}[-+]{0,500}[+.]$/;
const tableRow = /^ {0,8}[│├└╰║╠╟╚┃┣┠┗╎]|^[|+]/;
const tableEnd = /^'-{2,}[-+]{0,500}'$/;

/** A table or a box drawn with lines; it belongs to the line that announces it with a colon. */
export const drawnTable: Trace = {
  begins: /^[ +.\u0080-\uffff]/,
  follow: (before, text) => (before.endsWith(":") && isTableHead(text) ? OPEN : NOT_PART),
  start: (text) => (isTableHead(text) ? OPEN : NOT_PART),
  next: (state, text) => {
    if (state === CLOSED) return text === "" ? GAP : NOT_PART;
    if (state === GAP) return NOT_PART;
    if (tableEnd.test(text)) return CLOSED;
    return tableRow.test(text) ? OPEN : NOT_PART;
  },
};

function isTableHead(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first === 32 || first === 43 || first === 46 || first >= 0x2500) && tableHead.test(text);
}
