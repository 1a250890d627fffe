import { levelOfWord } from "../../levels.js";
import type { TextReading, TextShape } from "./shape.js";

/** `[E] text`, `[error] text`, `<warn> text`. */
const bracketed = /^[[<(]([A-Za-z]{1,12})[\])>]:? ?/;
/** `ERROR text`, `Warning: text`, `E: text`: a word in capitals, or any with a colon. */
const worded = /^(?:([A-Z]{3,12})(?=:? |:$|$|\t)|([A-Za-z]{1,12}):(?= |$))/;
/**
 * A level in capitals or brackets among the first words behind a time: log4j, logback, Rust's env_logger and
 * tracing, zap's console, MySQL, RabbitMQ, gunicorn, Celery …
 */
const dated =
  /^[[(]?(?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d[-/.](?:\d\d|[A-Z][a-z]{2})[-/.]\d{2,4}|[A-Z][a-z]{2} {1,2}\d{1,2}|\d\d:\d\d:\d\d)/;
const word = /[[<(|/ \t:](?:([A-Z]{3,13})(?=[\s\])>|:/])|[[<(]([A-Za-z]{1,13})[\])>])/g;
/** How far into the line a level is looked for. */
const HEAD = 120;

function read(text: string): TextReading | undefined {
  const bracket = bracketed.exec(text);
  if (bracket !== null) {
    const level = levelOfWord(bracket[1] ?? "");
    if (level !== undefined) return { level, message: text.slice(bracket[0].length), data: undefined };
  }
  const start = worded.exec(text);
  if (start !== null) {
    const level = levelOfWord(start[1] ?? start[2] ?? "");
    if (level !== undefined) return { level, message: text, data: undefined };
  }
  return dated.test(text) ? readDated(text) : undefined;
}

function readDated(text: string): TextReading | undefined {
  word.lastIndex = 0;
  const head = text.slice(0, HEAD);
  for (let found = word.exec(head); found !== null; found = word.exec(head)) {
    const level = levelOfWord(found[1] ?? found[2] ?? "");
    if (level !== undefined) return { level, message: text, data: undefined };
  }
  return undefined;
}

/**
 * Text of any program that says a level at its beginning. A prefix that says the level alone (`[E] `) is taken
 * off the message; whatever says more stays in it.
 */
export const leveled: TextShape = { name: "leveled", read };
