import { isCapital, isLetter, isSmall } from "../../core/characters.js";
import { levelOfWord, syslogLevel } from "../../core/level-words.js";
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
/** Those of them that no sentence begins with. */
const startCapitals =
  /(?:FINE(?:R|ST)?(?=:)|TRACE|TRAC|TRCE|TRC|DEBUG|DEBU|DBUG|DBG|VERBOSE|INFO|INF|NOTICE|WARNING|WARN|WRN|ERROR|ERRO|EROR|ERR!?|SEVERE|CRITICAL|CRIT|FATAL|FATA|FTL|PANI|PNC)(?=[ \t:|[/\]]|$)(?! (?:error|in |that ))/y;
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
const WORDS_AT_START = new Set(["silly", "sill", "verbose", "verb", "debug", "info", "warn"]);
const WORDS_WITH_COLON = new Set([
  ...[
    "trace",
    "silly",
    "verbose",
    "verb",
    "verbo",
    "debug",
    "info",
    "notice",
    "warn",
    "warning",
    "error",
    "fatal",
    "critical",
    "crit",
    "alert",
    "emerg",
    "emergency",
  ],
]);
const LONGEST_LOWER = 9;
/** Words that sentences begin with, too: levels only where the container's lines begin so. */
const wordAtStart =
  /(?:timing|http|notice|warning|error|success|fatal|critical|trace|fail|ready|start|done|log|panic|alert)(?= [^ =])/y;
const koreanOrChinese = /(?:심각|오류|경고|정보|디버그|严重|错误|警告|信息|调试)(?=[\s:\]])/y;
/** A letter that something behind it sets off: a bar, a slash, an exclamation mark, a name with a colon, a bracket, a place in the source, a class. */
const letter =
  /[TDVIWEFCN](?:!(?= )|(?= ?\| | ?\/(?!A\b)| \[| [A-Za-z_][\w.$-]{0,100}: | [\w./-]{1,200}\.[a-z]{1,4}:\d{1,7}\] | (?:[a-z]\w{0,40}\.){1,12}[A-Z]\w{0,80} ))/y;
/** A letter in brackets, right before a date. */
const letterBeforeTime = /[(<][TDVIWEFCN][)>] ?(?=\d{4}-\d\d-\d\d)/y;
const priority = /<([0-7]|\d{1,2}|1[0-8]\d|19[01])>/y;

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
};
const symbol = /([✖✗✘❌‼⚠ℹ✔✓✅◐●⬤⚙→•⨯✏☠]|🐞|🐛)\ufe0f?(?= )/y;
/** The word beside a sign, which says it better. */
const besideSign = / {1,3}([a-z]{3,9})(?= {2})/y;
const boxed = /\[([!.*+ ])\](?= )/y;
const BOXED: Readonly<Record<string, Level>> = {
  "!": "error",
  ".": "info",
  "*": "info",
  "+": "info",
  " ": "info",
};

/** The level that `word` says, unless most programs would mean something else by it. */
export function levelOfOrdinaryWord(word: string): Level | undefined {
  return word !== "FINE" && ORDINARY.has(word.toLowerCase()) ? undefined : levelOfWord(word);
}

/** The same with a capital and a colon. Exceptions begin with `Error: ` too: that alone is no hint that lines begin so. */
const titledAtStart = /(?:Debug|Info|Notice|Warning|Warn|Error|Fatal|Critical)(?=: )/y;

/** Whether a line begins with a word that is a level where others do. */
export function beginsWithWord(text: string): boolean {
  const pattern = text.charCodeAt(0) < 97 ? titledAtStart : wordAtStart;
  pattern.lastIndex = 0;
  return pattern.test(text) && !text.startsWith("Error");
}

/** A level at the very beginning of a line; `words` where the container's lines begin with words in lower case. */
export function levelAtStart(text: string, words = false): LevelToken | undefined {
  const first = text.charCodeAt(0);
  if (first === 60) return priorityAt(text) ?? token(angled, text, 0) ?? bracedLetter(text);
  if (first === 40) return bracedLetter(text);
  if (first === 91) return mapped(boxed, BOXED, text, 0);
  if (first > 0x2000) return signAt(text, 0) ?? token(koreanOrChinese, text, 0);
  if (first >= 97) return lowerAtStart(text) ?? (words ? token(wordAtStart, text, 0) : undefined);
  const second = text.charCodeAt(1);
  if (second < 65 || second > 90) return words ? token(titledAtStart, text, 0) : undefined;
  return token(startCapitals, text, 0);
}

/** `info: …`, `warn …`: what nobody begins a sentence with. Without a pattern, since most lines of prose come here. */
function lowerAtStart(text: string): LevelToken | undefined {
  let end = 1;
  while (end <= LONGEST_LOWER && isSmall(text.charCodeAt(end))) end += 1;
  const behind = text.charCodeAt(end);
  const next = text.charCodeAt(end + 1);
  const colon = behind === 58 && (next === 32 || next === 9 || Number.isNaN(next));
  if (!colon && (behind !== 32 || next === 32 || next === 61)) return undefined;
  const word = text.slice(0, end);
  const level = (colon ? WORDS_WITH_COLON : WORDS_AT_START).has(word) ? levelOfWord(word) : undefined;
  return level === undefined ? undefined : { level, end };
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

function bracedLetter(text: string): LevelToken | undefined {
  letterBeforeTime.lastIndex = 0;
  const level = letterBeforeTime.test(text) ? levelOfWord(text.charAt(1)) : undefined;
  return level === undefined ? undefined : { level, end: letterBeforeTime.lastIndex };
}

/** `<w> …`, as webpack's servers print it. */
const angled = /<[iwe]>(?= \S)/y;

function token(pattern: RegExp, text: string, at: number): LevelToken | undefined {
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
function signAt(text: string, at: number): LevelToken | undefined {
  const sign = mapped(symbol, SYMBOLS, text, at);
  if (sign === undefined) return undefined;
  besideSign.lastIndex = sign.end;
  const level = levelOfWord(besideSign.exec(text)?.[1] ?? "");
  return level === undefined ? sign : { level, end: besideSign.lastIndex };
}

function mapped(
  pattern: RegExp,
  levels: Readonly<Record<string, Level>>,
  text: string,
  at: number,
): LevelToken | undefined {
  pattern.lastIndex = at;
  const level = levels[pattern.exec(text)?.[1] ?? ""];
  return level === undefined ? undefined : { level, end: pattern.lastIndex };
}

/** `<3>`, as programs that know systemd's journal print it: the severity is the rest of a division by 8. */
function priorityAt(text: string): LevelToken | undefined {
  priority.lastIndex = 0;
  const found = priority.exec(text);
  const level = found === null ? undefined : syslogLevel(Number(found[1]) % 8);
  return level === undefined ? undefined : { level, end: priority.lastIndex };
}
