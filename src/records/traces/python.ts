import { kindOf } from "../heads/kinds.js";
import { NOT_PART, type Trace } from "./trace.js";
import { reportsTrouble } from "./trouble.js";

/** A line was printed that a traceback follows at once (`Exception in thread Thread-1 (work):`). */
const ANNOUNCED = 1;
/** Between `Traceback` and the exception's own line. */
const FRAMES = 2;
/** Behind the exception's line: notes, or the empty line before a chained traceback. */
const RAISED = 3;
const RAISED_EMPTY = 4;
/** Behind "During handling of …": an empty line and the next traceback must come. */
const CHAINED = 5;
/** Inside an exception group: every line has a `|` or `+` in its margin. */
const GROUP = 6;
/** Behind a warning's first line: its line of code. */
const WARNED = 7;
const LONGEST_WARNING = WARNED + 10;
/** What a database said goes on, or an empty line behind it. */
const SAID = 20;
const SAID_EMPTY = 21;
/** Nothing follows. */
const CLOSED = 23;
/** Inside SQLAlchemy's `[SQL: …`, to its closing bracket. */
const STATEMENT = 22;

/** What `logging` prints where an error's trace was asked for and there was none. */
const NO_ERROR = "NoneType: None";
const head = /^ {0,40}(?:\+ Exception Group )?Traceback \(most recent call last\):$/;
const syntaxHead = /^ {2}File "[^"]{1,1000}", line \d+$/;
const announcement =
  /^(?:Exception in thread .{1,200}:|Exception ignored in: ?.{0,500}|Task exception was never retrieved)$/;
/** asyncio's second line, between its message and the traceback. */
const future = /^(?:future|task|handle|source_traceback|protocol|transport): .{0,8000}$/;
const warning = /^[^:]{1,500}\.py:\d+: [\w.]{0,80}Warning: /;
/** The class of an exception, dotted; a word in capitals before a colon is rather the level of another line. */
const raised = /^(?![A-Z]+:)[A-Za-z_][\w.]{0,200}(?:: |:?$)/;
const chain =
  /^(?:During handling of the above exception, another exception occurred|The above exception was the direct cause of the following exception):$/;
const margin = /^ {1,80}[|+]/;

/** Django: `Internal Server Error: /path`, whatever its format. */
const saysError = /\b(?:Error|Exception|error|exception|failed|Failed)\b/;

/** `logging.exception` prints its message, then the traceback. */
function follow(before: string, text: string): number {
  const first = text.charCodeAt(0);
  // Blanks, a plus sign, or `Traceback`.
  if ((first === 84 || first === 32 || first === 43) && head.test(text))
    return reportsTrouble(before) || saysError.test(before) ? start(text) : NOT_PART;
  if (first < 97 || first > 122) return text === NO_ERROR && reportsTrouble(before) ? CLOSED : NOT_PART;
  return before.includes("asyncio") && future.test(text) && reportsTrouble(before) ? ANNOUNCED : NOT_PART;
}

function start(text: string): number {
  const first = text.charCodeAt(0);
  if (first === 32) {
    if (head.test(text)) return text.includes("+") ? GROUP : FRAMES;
    return syntaxHead.test(text) ? FRAMES : NOT_PART;
  }
  if (first === 84 && head.test(text)) return FRAMES;
  if ((first === 69 || first === 84) && announcement.test(text)) return ANNOUNCED;
  return isWarning(text) ? WARNED : NOT_PART;
}

/** `/app/a.py:3: DeprecationWarning: …`. Of most lines the first colon tells. */
function isWarning(text: string): boolean {
  const colon = text.indexOf(":");
  return colon > 3 && text.startsWith(".py", colon - 3) && warning.test(text);
}

/** What PostgreSQL's clients print behind an error's own line, psycopg, and SQLAlchemy over it. */
export const databaseSaid =
  /^(?:(?:LINE \d{1,7}|DETAIL|HINT|CONTEXT|QUERY|STATEMENT): |[ ~]{0,2000}\^[ ~^]{0,2000}$|\[parameters: |\(Background on this error at: )/;
const statement = /^\[SQL: /;

function next(state: number, text: string): number {
  if (state === CLOSED) return NOT_PART;
  if (state === STATEMENT) return text.endsWith("]") ? SAID : STATEMENT;
  if (state >= WARNED && state < LONGEST_WARNING) return nextOfWarning(state, text);
  if (state === ANNOUNCED) return head.test(text) ? start(text) : future.test(text) ? ANNOUNCED : NOT_PART;
  if (state === CHAINED) return text === "" ? CHAINED : head.test(text) ? start(text) : NOT_PART;
  if (state === GROUP && margin.test(text)) return GROUP;
  if (state === FRAMES) {
    if (text.startsWith("  ")) return FRAMES;
    return raised.test(text) ? RAISED : NOT_PART;
  }
  return behindRaised(state, text);
}

function behindRaised(state: number, text: string): number {
  const said = state === SAID || state === SAID_EMPTY;
  if (text === "") {
    if (state === RAISED_EMPTY) return NOT_PART;
    return state === SAID ? SAID_EMPTY : RAISED_EMPTY;
  }
  if (chain.test(text)) return CHAINED;
  if ((state === RAISED || said) && statement.test(text)) return text.endsWith("]") ? SAID : STATEMENT;
  if ((state === RAISED || said) && databaseSaid.test(text)) return SAID;
  return state === RAISED && text.startsWith("  ") ? RAISED : NOT_PART;
}

/** A warning's message may have several lines; its line of code, which is indented, ends it. */
function nextOfWarning(state: number, text: string): number {
  if (text.startsWith("  ")) return RAISED;
  return kindOf(text) === "" && state + 1 < LONGEST_WARNING ? state + 1 : NOT_PART;
}

/**
 * CPython's `traceback` module, 3.8 to 3.14: chained exceptions, exception groups, notes that are indented, threads,
 * `SyntaxError` without a traceback, and the two lines of a warning.
 */
export const pythonTrace: Trace = { follow, start, next };
