import { isDigit } from "../../core/characters.js";
import { frames } from "./frames.js";
import { NOT_PART, never, type Trace } from "./trace.js";

/**
 * The first of the two lines of a record of java.util.logging (`SimpleFormatter`, the console's default): a time, and the class
 * and method that logged. The words of the time follow the machine's language: `29. Nov`, `11월`, `오후`, `P. M.`.
 */
const simple =
  /^(?<time>(?:\p{L}{2,9}\.?|\d{1,2}[월月]) \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d[ \u00a0\u202f](?:\p{L}{1,3}|\p{L}{1,4}\.)(?:[ \u00a0\u202f]?\p{L}{1,3}\.)?) (?<logger>[\w$./-]{1,300})(?: (?<method>[\w$<>]{1,200}))?$/u;
/** The same of tinylog: a time, a thread, and the method with its class. */
const called =
  /^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[.,]\d{3,9})?) \[(?<thread>[^\]]{1,100})\] (?<logger>[\w$.]{1,300})\.(?<method>[\w$<>]{1,200})\(\)$/;
/** The second: the level, in capitals where its language has such, and what is said. */
export const javaLoggingSaid = /^[\p{Lu}\p{Lo} ]{2,20}: /u;

const ROUND = 40;
const CLOSE = 41;
const COMMA = 44;
const FIRST_COMMA = 5;
const LAST_COMMA = 14;

/** What the first line says. */
export interface JavaLoggingHead {
  readonly time?: string;
  readonly thread?: string;
  readonly logger?: string;
  readonly method?: string;
}

/** The first line taken apart. Undefined for any other line, which a look for the comma or the brackets tells in a tenth of a pattern's time. */
export function readJavaLoggingHead(text: string): JavaLoggingHead | undefined {
  const last = text.length - 1;
  if (text.charCodeAt(last) === CLOSE && text.charCodeAt(last - 1) === ROUND)
    return called.exec(text)?.groups;
  // Of numbers only those of months in words, `11월`.
  if (isDigit(text.charCodeAt(0)) && text.charCodeAt(1) < 128 && text.charCodeAt(2) < 128) return undefined;
  for (let at = FIRST_COMMA; at <= LAST_COMMA; at += 1) {
    if (text.charCodeAt(at) === COMMA) return simple.exec(text)?.groups;
  }
  return undefined;
}

const HEAD = 1;
const SAID = 2;
const END = 3;
/** From here on the states of the exception's own trace. */
const THROWN = 4;

/** Both lines of such a record, the exception behind them, and the empty line that ends it. */
export const javaLogging: Trace = {
  begins: /^[\dA-Za-z\u0080-\uffff]/,
  follow: never,
  start: (text) => (readJavaLoggingHead(text) === undefined ? NOT_PART : HEAD),
  next: (state, text) => {
    if (state === HEAD) return javaLoggingSaid.test(text) ? SAID : NOT_PART;
    if (state === END) return NOT_PART;
    if (state >= THROWN && text === "") return END;
    const inner = state === SAID ? frames.start(text) : frames.next(state - THROWN, text);
    return inner === NOT_PART ? NOT_PART : inner + THROWN;
  },
};
