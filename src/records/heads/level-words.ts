import { isCapital, isLetter } from "../../core/characters.js";
import { levelOfWord } from "../../core/level-words.js";
import type { Level } from "../../core/record.js";

/** A level that stands in a head, and where it ends. */
export interface LevelToken {
  readonly level: Level;
  readonly end: number;
}

/** Words in capitals that are levels wherever a head may have one, with degrees (`DEBUG2`); loggers of other languages too. */
const CAPITALS =
  "TRACE|TRAC|TRCE|TRC|FINEST|FINER|FINE|SILLY|VERBOSE|VERB|VRB|DEBUG|DEBU|DBUG|DEBG|DBG|CONFIG|INFORMATION|INFO|INF|NOTICE|NOTE|NOTI|NTC|MARK|SUCCESS|WARNING|WARNI|WARN|WRN|ERROR|ERRO|ERR!?|EROR|SEVERE|CRITICAL|CRITI|CRIT|CRT|FATAL|FATA|FTL|PANIC|PANI|PNC|DPANIC|ALERT|EMERGENCY|EMERG|FAILURE|FAIL|SCHWERWIEGEND|FEHLER|WARNUNG|HINWEIS|GRAVE|AVERTISSEMENT|INFOS";
const capitals = new RegExp(`(?:${CAPITALS}|LOG|HTTP|DATA)\\d?(?![\\w=.-]|!\\w|/\\d)`, "y");
/** Any spelling with something behind it that sets it off. */
const setOff = /[A-Za-z]{3,13}(?=:(?:\s|$)|\t| {0,8}[|:] | {1,8}- )/y;
/** A facility behind a slash: `information/cli: `. */
const slashed = /([a-z]{4,11})(?=\/[A-Za-z][\w-]{0,60}: )/y;
/** Lower case and nothing behind: what programs print after a time, and nobody writes a sentence with. */
const lowerAfterTime = /(?:trace|debug|verbose|silly|info|warn)(?= )/y;
/** The same, where the container's levels stand in this column. */
const lowerInColumn =
  /(?:error|err|warning|notice|critical|crit|fatal|panic|dpanic|alert|emerg|http|log|success|fail)(?= )/y;
const MAY_BE_LOWER = new Set([..."tdvsiw"].map((letter) => letter.charCodeAt(0)));
export const koreanOrChinese = /(?:심각|오류|경고|정보|디버그|严重|错误|警告|信息|调试)(?=[\s:\]])/y;
/** A letter that something behind it sets off: a bar, a slash, an exclamation mark, a name with a colon, a bracket, a place in the source, a class. */
const letter =
  /[TDVIWEFCN](?:!(?= )|(?= ?\| | ?\/(?!A\b)| \[| [A-Za-z_][\w.$-]{0,100}: | [\w./-]{1,200}\.[a-z]{1,4}:\d{1,7}\] | (?:[a-z]\w{0,40}\.){1,12}[A-Z]\w{0,80} ))/y;

/** Levels of some libraries that are names of parts in most programs' lines: `config: loaded`, `[http] listening`. */
const ORDINARY = new Set(["config", "fine", "http", "default", "log", "data", "exception", "attention"]);

/** Signs that command line loggers print instead of a word. */
const SYMBOLS: Readonly<Record<string, Level>> = {
  "✖": "error",
  "✗": "error",
  "✘": "error",
  "❌": "error",
  "‼": "error",
  "⚠": "warning",
  ℹ: "info",
  "✔": "info",
  "✓": "info",
  "✅": "info",
  "◐": "info",
  "●": "info",
  "⚙": "debug",
  "⬤": "debug",
  "→": "trace",
  "•": "info",
  "⨯": "error",
  "🐞": "debug",
  "🐛": "debug",
  "✏": "trace",
  "☠": "critical",
  "⛔": "error",
  "🚨": "error",
  "🛑": "error",
  "💥": "error",
  "💀": "critical",
};
const symbol = /([✖✗✘❌‼⚠ℹ✔✓✅◐●⬤⚙→•⨯✏☠⛔]|🐞|🐛|🚨|🛑|💥|💀)\ufe0f?(?= )/y;
/** The word beside a sign, which says it better. */
const besideSign = / {1,3}([a-z]{3,9})(?= {2})/y;
/** The level that `word` says, unless most programs would mean something else by it. */
export function levelOfOrdinaryWord(word: string): Level | undefined {
  return word !== "FINE" && ORDINARY.has(word.toLowerCase()) ? undefined : levelOfWord(word);
}

/** A level behind a time or another piece of a head; where the container's levels stand (`column`) any word of level is one. */
export function levelInside(text: string, at: number, column = false): LevelToken | undefined {
  const first = text.charCodeAt(at);
  if (first > 0x2000) return signAt(text, at) ?? token(koreanOrChinese, text, at);
  if (first < 65 || first > 122) return undefined;
  const second = text.charCodeAt(at + 1);
  if (first < 97) {
    const word = isCapital(second) ? token(capitals, text, at) : token(letter, text, at);
    if (word !== undefined) return word;
  } else if (MAY_BE_LOWER.has(first)) {
    const word = token(lowerAfterTime, text, at);
    if (word !== undefined) return word;
  }
  if (column) {
    const word = token(lowerInColumn, text, at);
    if (word !== undefined) return word;
  }
  if (first >= 97) {
    const word = text.includes("/") ? token(slashed, text, at) : undefined;
    if (word !== undefined) return word;
  }
  if (!isSetOff(text, at)) return undefined;
  setOff.lastIndex = at;
  if (!setOff.test(text)) return undefined;
  const word = text.slice(at, setOff.lastIndex);
  const level = column ? levelOfWord(word) : levelOfOrdinaryWord(word);
  return level === undefined ? undefined : { level, end: setOff.lastIndex };
}

/** Letters, and then what may set a level off: a colon, a tab, a bar, or blanks before one. */
function isSetOff(text: string, at: number): boolean {
  let end = at + 1;
  while (isLetter(text.charCodeAt(end))) end += 1;
  const behind = text.charCodeAt(end);
  if (behind === 32) {
    while (text.charCodeAt(end) === 32) end += 1;
    const sign = text.charCodeAt(end);
    return sign === 124 || ((sign === 58 || sign === 45) && text.charCodeAt(end + 1) === 32);
  }
  return behind === 58 || behind === 9 || behind === 124;
}

export function token(pattern: RegExp, text: string, at: number): LevelToken | undefined {
  pattern.lastIndex = at;
  if (!pattern.test(text)) return undefined;
  const end = pattern.lastIndex;
  const level = levelOfWord(text.slice(at, end)) ?? levelOfWord(text.charAt(at));
  return level === undefined ? undefined : { level, end };
}

/** A sign behind blanks; an arrow points there from the line before. */
export function paddedSignAt(text: string, at: number): LevelToken | undefined {
  const code = text.charCodeAt(at);
  return code > 0x2000 && code !== 0x2192 ? signAt(text, at) : undefined;
}

/** `⚠ …`, and `⚠  warning  …`. */
export function signAt(text: string, at: number): LevelToken | undefined {
  const sign = mapped(symbol, SYMBOLS, text, at);
  if (sign === undefined) return undefined;
  besideSign.lastIndex = sign.end;
  const level = levelOfWord(besideSign.exec(text)?.[1] ?? "");
  return level === undefined ? sign : { level, end: besideSign.lastIndex };
}

export function mapped(
  pattern: RegExp,
  levels: Readonly<Record<string, Level>>,
  text: string,
  at: number,
): LevelToken | undefined {
  pattern.lastIndex = at;
  const level = levels[pattern.exec(text)?.[1] ?? ""];
  return level === undefined ? undefined : { level, end: pattern.lastIndex };
}
