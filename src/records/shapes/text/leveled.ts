import { levelOfWord } from "../../../core/level-words.js";
import type { TextReading, TextShape } from "./shape.js";

/** `[E] text`, `[error] text`, `<warn> text`; `(c) 2026` and `[a] one` say no level. */
const bracketed = /^(?:[[<(]([A-Za-z]{3,12})[\])>]|[[<]([A-Z])[\]>]):? ?/;
/** `ERROR text`, `Warning: text`, `E: text`: a word in capitals, or any with a colon. PHP puts its name before, consola a space, others a row of signs. */
const worded =
  /^(?:PHP | |[*!#=>-]{2,4} )?(?:([A-Z]{3,12})(?=:? |:$|$|\t)|([A-Za-z]{3,12}|[EWID]):(?= |$)|([Ff]atal|Parse) error:)/;
/** Jupyter and Tornado: `[W 2026-01-31 12:00:00.000 ServerApp] text`. */
const tornado = /^\[([DIWEC]) \d/;
/** A time, a date, or NestJS's name: a level may follow within the line's head. */
const dated =
  /^[[(]?(?:\d{4}[-/.]\d\d[-/.]\d\d|\d{1,2}[-/.](?:\d{1,2}|[A-Z][a-z]{2})[-/.]\d{2,4}|[A-Z][a-z]{2} {1,2}\d{1,2}[ ,]|\d{1,2}:\d\d(?::\d\d|[AP]M)|Nest\] )/;
/** A word of level in capitals, or a word in brackets that may be one. */
const inHead =
  /[[<(| \t:.](?:(TRACE|TRC|FINEST|FINER|FINE|VERBOSE|DEBUG|DBG|CONFIG|INFO|INF|NOTICE|LOG|WARNING|WARN|WRN|ERROR|ERR|SEVERE|CRITICAL|CRIT|ALERT|FATAL|FTL|PANIC|PNC|EMERG)(?=[\s\])>|:/])|[[<(]([A-Za-z]{3,13}|[DIWEF]) {0,8}[\])>])/g;
/** Levels of some libraries that are names of parts in most programs' lines: `config: loaded`, `[http] listening`. */
const ordinary = /^(?:[Cc]onfig|[Ff]ine|[Hh]ttp|[Dd]efault|[Ll]og)$/;
/** How far into the line a level is looked for: behind time, thread, process and logger, before the prose. */
const HEAD = 80;

function read(text: string): TextReading | undefined {
  const bracket = bracketed.exec(text);
  const level = bracket === null ? undefined : levelOfPrefix(bracket[1] ?? bracket[2] ?? "");
  if (bracket !== null && level !== undefined) {
    return { level, message: text.slice(bracket[0].length), data: undefined };
  }
  const said = levelAtStart(text) ?? levelInHead(text);
  return said === undefined ? undefined : { level: said, message: text, data: undefined };
}

function levelAtStart(text: string): TextReading["level"] {
  const start = worded.exec(text) ?? tornado.exec(text);
  if (start === null) return undefined;
  return start[3] === undefined ? levelOfPrefix(start[1] ?? start[2] ?? "") : "critical";
}

function levelOfPrefix(word: string): TextReading["level"] {
  return ordinary.test(word) ? undefined : levelOfWord(word);
}

/** log4j, logback, Rust's env_logger and tracing, zap's console, MySQL, RabbitMQ, Celery, NestJS … */
function levelInHead(text: string): TextReading["level"] {
  if (!dated.test(text)) return undefined;
  inHead.lastIndex = 0;
  const head = text.slice(0, HEAD);
  for (let found = inHead.exec(head); found !== null; found = inHead.exec(head)) {
    const level = levelOfWord(found[1] ?? found[2] ?? "");
    if (level !== undefined) return level;
  }
  return undefined;
}

/**
 * Text of any program that says a level at its beginning. A prefix that says the level alone (`[E] `) is taken
 * off the message; whatever says more stays in it.
 */
export const leveled: TextShape = { name: "leveled", general: true, read };
