/** Sticky: a key, then `=` and a quoted text or one without spaces; or a key alone. Ruby's lograge quotes with apostrophes. */
const pair =
  /([A-Za-z_@][\w.@/[\]-]{0,200})(?:=(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"]*)))?(?: +|$)/y;
/** Keys whose text some programs write without quotes, up to the next pair: `msg=a trace line order=7`. */
const texts = new Set(["msg", "message", "error", "err", "reason"]);
/** Sticky: words that are no pair. */
const words = /(?:[^\s="]{1,200}(?: +|$)){1,100}/y;
const MOST_PAIRS = 500;

/** A key and its value; a key that stands alone has the value `true`. */
export interface Pair {
  readonly key: string;
  readonly value: unknown;
  readonly alone: boolean;
}

/**
 * The pairs of logfmt (https://brandur.org/logfmt) that all of `text` consists of from `at` on; undefined when something
 * else stands there.
 */
export function readPairs(text: string, at: number): readonly Pair[] | undefined {
  const pairs: Pair[] = [];
  pair.lastIndex = at;
  while (pair.lastIndex < text.length) {
    const found = pair.exec(text);
    if (found === null || pairs.length === MOST_PAIRS) return undefined;
    const [, key = "", double, single, bare] = found;
    const quoted = double ?? single;
    const alone = quoted === undefined && bare === undefined;
    const more = bare !== undefined && bare !== "" && texts.has(key) ? wordsAt(text, pair.lastIndex) : "";
    pair.lastIndex += more.length;
    pairs.push({ key, value: more === "" ? typed(quoted, bare) : `${bare} ${more.trimEnd()}`, alone });
  }
  return pairs;
}

function wordsAt(text: string, start: number): string {
  words.lastIndex = start;
  return words.exec(text)?.[0] ?? "";
}

/** Numbers and booleans only where writing them again gives the same text: `007` and long ids stay texts. */
function typed(quoted: string | undefined, bare: string | undefined): unknown {
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
