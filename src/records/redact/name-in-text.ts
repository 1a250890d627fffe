import { isSecretName, LONGEST_NAME } from "./names.js";

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

/** Whether the name that has a letter at `at` is a secret's; with the word before it, too (`api key`). */
export function isSecretNameAt(text: string, at: number): boolean {
  const end = endOfName(text, at);
  return secretNameEndingAt(text, end) !== undefined;
}

/** Where the name that has a letter at `at` ends. */
export function endOfName(text: string, at: number): number {
  const limit = Math.min(text.length, at + LONGEST_NAME);
  let end = at;
  while (end < limit && NAME[text.charCodeAt(end)] === 1) end += 1;
  return end;
}

/** The secret's name that stands before the separator at `at`, in lower case; undefined where another or none does. */
export function secretNameBefore(text: string, at: number): string | undefined {
  let end = at;
  while (end > 0 && at - end < MOST_CLOSING && CLOSING[text.charCodeAt(end - 1)] === 1) end -= 1;
  return secretNameEndingAt(text, end);
}

function secretNameEndingAt(text: string, end: number): string | undefined {
  const name = nameEndingAt(text, end);
  if (name === "") return undefined;
  if (isSecretName(name)) return name.toLowerCase();
  // `api key: …`
  const last = end - name.length;
  if (text.charCodeAt(last - 1) !== SPACE) return undefined;
  const both = `${nameEndingAt(text, last - 1)} ${name}`;
  return isSecretName(both) ? both.toLowerCase() : undefined;
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
  // `\npassword` in a string of JSON, `%3Ftoken` in an address: the escape is no part of the name.
  if (escaped) return name.replace(/^.*\\[nrtbf"\\/]?/, "");
  return text.charCodeAt(start - 1) === PERCENT ? name.slice(2) : name;
}
