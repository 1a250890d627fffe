import type { TextReading, TextShape } from "./shape.js";

/** Sticky: a key, then `=` and a quoted text or one without spaces; or a key alone. Ruby's lograge quotes with apostrophes. */
const pair =
  /([A-Za-z_@][\w.@/-]{0,200})(?:=(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"]*)))?(?: +|$)/y;
/** Keys whose text some programs write without quotes, up to the next pair: `msg=a trace line order=7`. */
const texts = new Set(["msg", "message", "error", "err", "reason"]);
/** Sticky: words that are no pair. */
const words = /(?:[^\s="]{1,200}(?: +|$)){1,100}/y;
/** Keys without a value (structlog's `true`) are taken only beside one of these. */
const known = new Set(["level", "lvl", "severity", "msg", "message", "event", "time", "ts", "timestamp"]);
const MOST_PAIRS = 500;

/**
 * https://brandur.org/logfmt, strictly: the whole line consists of pairs, two at least. A sentence that has a `=`
 * in it is none.
 */
function read(text: string): TextReading | undefined {
  const equals = text.indexOf("=");
  if (equals < 1 || equals > 200) return undefined;
  const entries: [string, unknown][] = [];
  let pairs = 0;
  pair.lastIndex = 0;
  while (pair.lastIndex < text.length) {
    const found = pair.exec(text);
    if (found === null || entries.length === MOST_PAIRS) return undefined;
    const [, key = "", double, single, bare] = found;
    const quoted = double ?? single;
    if (quoted !== undefined || bare !== undefined) pairs += 1;
    const more = bare !== undefined && bare !== "" && texts.has(key) ? wordsAt(text, pair.lastIndex) : "";
    pair.lastIndex += more.length;
    entries.push([key, more === "" ? readValue(quoted, bare) : `${bare} ${more.trimEnd()}`]);
  }
  if (pairs < 2 || (pairs < entries.length && !entries.some(([key]) => known.has(key)))) return undefined;
  return { level: undefined, message: text, data: Object.fromEntries(entries), named: true };
}

function wordsAt(text: string, start: number): string {
  words.lastIndex = start;
  return words.exec(text)?.[0] ?? "";
}

/** Numbers and booleans only where writing them again gives the same text: `007` and long ids stay texts. */
function readValue(quoted: string | undefined, bare: string | undefined): unknown {
  if (quoted !== undefined) return unquoted(quoted);
  if (bare === undefined || bare === "true") return true;
  if (bare === "false") return false;
  const first = bare.charCodeAt(0);
  if (first !== 45 && !(first >= 48 && first <= 57)) return bare;
  const number = Number(bare);
  return Number.isFinite(number) && String(number) === bare ? number : bare;
}

function unquoted(quoted: string): string {
  if (!quoted.includes("\\")) return quoted;
  return quoted.replace(/\\(.)/g, (_, escaped: string) => {
    if (escaped === "n") return "\n";
    return escaped === "t" ? "\t" : escaped;
  });
}

/** logfmt: Go's logrus and Docker's own daemon, Heroku, Grafana's programs, structlog. */
export const logfmt: TextShape = { name: "logfmt", read };
