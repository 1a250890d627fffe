import { isSmall } from "../../core/characters.js";
import { levelOfWord, syslogLevel } from "../../core/level-words.js";
import type { Level } from "../../core/record.js";
import { koreanOrChinese, type LevelToken, mapped, signAt, token } from "./level-words.js";

/** Words in capitals that no sentence begins with. */
const startCapitals =
  /(?:FINE(?:R|ST)?(?=:)|TRACE|TRAC|TRCE|TRC|DEBUG|DEBU|DBUG|DBG|VERBOSE|INFO|INF|NOTICE|WARNING|WARN|WRN|ERROR!?|ERRO|EROR|ERR!?|SEVERE|CRITICAL|CRIT|FATAL|FATA|FTL|PANI|PNC)(?=[ \t:|[/\]]|$)(?! (?:error|in |that ))/y;

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

/** A letter in brackets, right before a date. */
const letterBeforeTime = /[(<]([TDVIWEFCN])[)>] ?(?=\d{4}-\d\d-\d\d)/y;

const priority = /<([0-7]|\d{1,2}|1[0-8]\d|19[01])>/y;

const boxed = /\[([!.*+ ])\](?= )/y;
const BOXED: Readonly<Record<string, Level>> = {
  "!": "error",
  ".": "info",
  "*": "info",
  "+": "info",
  " ": "info",
};

/** The same with a capital and a colon. Exceptions begin with `Error: ` too: that alone is no hint that lines begin so. */
const titledAtStart = /(?:Debug|Info|Notice|Warning|Warn|Error|Fatal|Critical)(?=: )/y;

/** Those of them that no exception begins with, and that nobody prints as a part of the message. */
const surelyTitled = /(?:Trace|Debug|Info|Notice)(?=: \S)/y;

/** Zig's `warning(cart): …`. */
const scoped = /(debug|info|warning|error)\([\w.-]{1,60}\)(?=: )/y;

/** Julia's `[ Info: …`, and `┌ Warning: …` of a message that goes on below it. */
const framed = /[[┌] (Debug|Info|Warning|Error)(?=: )/y;

/** `<w> …`, as webpack's servers print it. */
const angled = /<[iwe]>(?= \S)/y;

/** A letter that is a level where others are. What people say of themselves begins so, too. */
const letterAtStart =
  /(?:[TDVWEFC]|I(?! (?:am|was|have|had|will|would|can|could|do|did|don't|think|want|need)\b))(?= [A-Za-z\d"'([{</]\S)/y;

/** Whether a line begins with a letter that is a level where others do. */
export function beginsWithLetter(text: string): boolean {
  letterAtStart.lastIndex = 0;
  return letterAtStart.test(text);
}

/** Whether a line begins with a word that is a level where others do. */
export function beginsWithWord(text: string): boolean {
  const pattern = text.charCodeAt(0) < 97 ? titledAtStart : wordAtStart;
  pattern.lastIndex = 0;
  return pattern.test(text) && !text.startsWith("Error");
}

/** A level at the very beginning of a line; `words` where the container's lines begin with words in lower case. */
export function levelAtStart(text: string, words = false): LevelToken | undefined {
  const first = text.charCodeAt(0);
  if (first === 60) return priorityAt(text) ?? token(angled, text, 0) ?? said(letterBeforeTime, text);
  if (first === 40) return said(letterBeforeTime, text);
  if (first === 91)
    return mapped(boxed, BOXED, text, 0) ?? (text.charCodeAt(1) === 32 ? said(framed, text) : undefined);
  if (first > 0x2000) return signAt(text, 0) ?? said(framed, text) ?? token(koreanOrChinese, text, 0);
  if (first >= 97) return lowerAtStart(text) ?? (words ? token(wordAtStart, text, 0) : undefined);
  const second = text.charCodeAt(1);
  if (second < 65 || second > 90) return token(words ? titledAtStart : surelyTitled, text, 0);
  return token(startCapitals, text, 0);
}

/** `info: …`, `warn …`: what nobody begins a sentence with. Without a pattern, since most lines of prose come here. */
function lowerAtStart(text: string): LevelToken | undefined {
  let end = 1;
  while (end <= LONGEST_LOWER && isSmall(text.charCodeAt(end))) end += 1;
  const behind = text.charCodeAt(end);
  const next = text.charCodeAt(end + 1);
  const colon = behind === 58 && (next === 32 || next === 9 || Number.isNaN(next));
  if (behind === 40) return said(scoped, text);
  if (!colon && (behind !== 32 || next === 32 || next === 61)) return undefined;
  const word = text.slice(0, end);
  const level = (colon ? WORDS_WITH_COLON : WORDS_AT_START).has(word) ? levelOfWord(word) : undefined;
  return level === undefined ? undefined : { level, end };
}

/** The level that the first group of `pattern` says. */
function said(pattern: RegExp, text: string): LevelToken | undefined {
  pattern.lastIndex = 0;
  const word = pattern.exec(text)?.[1];
  const level = word === undefined ? undefined : levelOfWord(word);
  return level === undefined ? undefined : { level, end: pattern.lastIndex };
}

/** `<3>`, as programs that know systemd's journal print it: the severity is the rest of a division by 8. */
function priorityAt(text: string): LevelToken | undefined {
  priority.lastIndex = 0;
  const found = priority.exec(text);
  const level = found === null ? undefined : syslogLevel(Number(found[1]) % 8);
  return level === undefined ? undefined : { level, end: priority.lastIndex };
}
