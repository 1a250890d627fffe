import { frames } from "./frames.js";
import { NOT_PART, never, type Trace } from "./trace.js";

/**
 * The first of the two lines of a record of java.util.logging (`SimpleFormatter`, the console's default): a time, and the class
 * and method that logged. The words of the time follow the machine's language.
 */
const head =
  /^(\p{L}{3,9}\.? \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d[ \u202f]\p{L}{1,3}\.?(?:[ \u202f]\p{L}\.)?) ([\w$./-]{1,300})(?: ([\w$<>]{1,200}))?$/u;
/** The second: the level, in capitals, and what is said. */
const said = /^[\p{Lu} ]{3,20}: /u;

const COMMA = 44;
const FIRST_COMMA = 5;
const LAST_COMMA = 14;

/** The first line taken apart: time, class, method. Null for any other line, which a look for the comma tells in a tenth of the pattern's time. */
export function readJavaLoggingHead(text: string): RegExpExecArray | null {
  for (let at = FIRST_COMMA; at <= LAST_COMMA; at += 1) {
    if (text.charCodeAt(at) === COMMA) return head.exec(text);
  }
  return null;
}

const HEAD = 1;
const SAID = 2;
const END = 3;
/** From here on the states of the exception's own trace. */
const THROWN = 4;

/** Both lines of a record of java.util.logging, the exception behind them, and the empty line that ends it. */
export const javaLogging: Trace = {
  begins: /^[A-Za-z\u0080-\uffff]/,
  follow: never,
  start: (text) => (readJavaLoggingHead(text) === null ? NOT_PART : HEAD),
  next: (state, text) => {
    if (state === HEAD) return said.test(text) ? SAID : NOT_PART;
    if (state === END) return NOT_PART;
    if (state >= THROWN && text === "") return END;
    const inner = state === SAID ? frames.start(text) : frames.next(state - THROWN, text);
    return inner === NOT_PART ? NOT_PART : inner + THROWN;
  },
};
