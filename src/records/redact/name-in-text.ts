import { GUARDED_NAMES, SECRET_PAIRS } from "./name-lists.js";
import { isSecretName, LONGEST_NAME, secretNameOf } from "./names.js";

/** A table of the ASCII characters that a pattern takes: several times as fast as asking the pattern for each. */
function tableOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}

const NAME = tableOf(/[\w.-]/);
/** With the escapes of JSON in a string. */
const NAME_OR_ESCAPE = tableOf(/[\w.\\-]/);
/** Behind a name: the quote that closes it, with the backslashes of JSON in a string, or the bracket of `db[password]`. */
const CLOSING = tableOf(/["'`\]\\\s]/);
const MOST_CLOSING = 12;
const SPACE = 32;
const BACKSLASH = 92;
const PERCENT = 37;
/** `\u00a0`. */
const ESCAPE_LENGTH = 6;

/** Names of two words that are a secret's: the last of them, and those before. */
const TWO_WORDS = GUARDED_NAMES.flatMap(({ names }) => names.map((name) => name.split(" "))).filter(
  (words) => words.length === 2,
);
const LASTS = [...Object.keys(SECRET_PAIRS), ...TWO_WORDS.map(([, last]) => last)];
const OTHERS = [
  ...new Set([...Object.values(SECRET_PAIRS).flat(), ...TWO_WORDS.map(([first = ""]) => first)]),
];
/** Last words that make a name a secret's only behind others, and these. */
const NEEDS_ANOTHER = new RegExp(`^[\\d_.-]*(?:${[...new Set(LASTS)].join("|")})[\\d_.-]*$`, "i");
const LONGEST_OTHER = Math.max(...OTHERS.map(({ length }) => length));

/**
 * Whether what ends at `end` may be a secret's name, in text or as a key of JSON, whose words may have any signs between
 * them (`session:id`). Never says no where it is one.
 */
export function maySecretNameEndAt(text: string, end: number): boolean {
  if (secretNameEndingAt(text, end) !== undefined) return true;
  const name = nameEndingAt(text, end);
  // `--token` is a flag whatever stands before it.
  if (name.includes("--") && isSecretName(name.slice(name.lastIndexOf("--")))) return true;
  return NEEDS_ANOTHER.test(name) && isBehindAnother(text, end - name.length);
}

function isBehindAnother(text: string, start: number): boolean {
  // A key of JSON that begins here has no other word; nearly all do.
  if (text.charAt(start - 1) === '"' && text.charCodeAt(start - 2) !== BACKSLASH) return false;
  let end = start;
  for (; end > 0 && start - end < LONGEST_NAME; end -= 1) {
    const code = text.charCodeAt(end - 1);
    // Escapes between the words have letters of their own.
    if (code === BACKSLASH) return true;
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) break;
  }
  if (text.slice(Math.max(0, end - ESCAPE_LENGTH), end).includes("\\")) return true;
  const before = text.slice(Math.max(0, end - LONGEST_OTHER), end).toLowerCase();
  return OTHERS.some((other) => before.endsWith(other));
}

/** Where the name that has a letter at `at` ends. */
export function endOfName(text: string, at: number): number {
  let end = at;
  while (NAME[text.charCodeAt(end)] === 1) end += 1;
  return end;
}

/** The secret's name that stands before the separator at `at`, as it is written; undefined where another or none does. */
export function secretNameBefore(text: string, at: number): string | undefined {
  let end = at;
  while (end > 0 && at - end < MOST_CLOSING && CLOSING[text.charCodeAt(end - 1)] === 1) end -= 1;
  return secretNameEndingAt(text, end);
}

function secretNameEndingAt(text: string, end: number): string | undefined {
  const name = nameEndingAt(text, end);
  if (name === "") return undefined;
  const sure = secretNameOf(name);
  if (sure !== undefined && sure.guard === undefined) return name;
  // `api key: …`
  const last = end - name.length;
  const alone = sure && name;
  if (text.charCodeAt(last - 1) !== SPACE) return alone;
  const both = `${nameEndingAt(text, last - 1)} ${name}`;
  return isSecretName(both) ? both : alone;
}

function nameEndingAt(text: string, end: number): string {
  const limit = Math.max(0, end - LONGEST_NAME);
  let start = end;
  let escaped = false;
  while (start > limit) {
    const code = text.charCodeAt(start - 1);
    if (NAME_OR_ESCAPE[code] !== 1) break;
    escaped ||= code === BACKSLASH;
    start -= 1;
  }
  const name = text.slice(start, end);
  if (escaped) return behindEscape(name);
  // `%3Ftoken` in an address.
  return text.charCodeAt(start - 1) === PERCENT ? name.replace(/^[\da-f]{2}/i, "") : name;
}

/** `\npassword` and `\u00a0password` in a string of JSON: the escape is no part of the name, but `\token` may be a path's end. */
function behindEscape(name: string): string {
  const all = name.slice(name.lastIndexOf("\\") + 1);
  return isSecretName(all) ? all : all.replace(/^(?:u[\da-f]{4}|[nrtbf])/i, "");
}
