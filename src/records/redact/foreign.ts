import type { Find } from "./finding.js";
import { FOREIGN_WORDS } from "./name-lists.js";
import { secretNameOf } from "./names.js";
import { isNothing, valueAt } from "./value-at.js";
import { isSecretValue } from "./values.js";

const WORDS = Object.keys(FOREIGN_WORDS).join("|");
/** A name of another script, and what stands between it and its value: a sign, or a particle. */
const NAME = new RegExp(`(${WORDS})(?:\\\\?["'\`\\]])?\\s{0,3}(?:[:=：]|[는은이가](?=\\s))`, "g");
/** A value in a sentence is a secret only where it is no word of that script. */
const IN_SENTENCE = /^[!-~]{4,200}$/;

/** In longer values no further names are looked for, so that none is read twice. */
const LONGEST = 200;

const WRITTEN = new RegExp(WORDS);
/** As Python's json writes them. */
const ESCAPED = new RegExp(
  Object.keys(FOREIGN_WORDS)
    .map((word) => word.replace(/./gs, (sign) => `\\\\{1,8}u${sign.charCodeAt(0).toString(16)}`))
    .join("|"),
  "i",
);

/** Whether a text, JSON or not, may hold one of these names. */
export function mayHoldForeign(text: string, escaped: boolean): boolean {
  return WRITTEN.test(text) || (escaped && text.includes("\\u") && ESCAPED.test(text));
}

/** Values of names of other scripts: `비밀번호: hunter2`. */
export const findForeign: Find = (text, found, keeps) => {
  let done = 0;
  for (const { index, 0: head, 1: word = "" } of text.matchAll(NAME)) {
    const name = secretNameOf(word);
    if (index < done || name === undefined || keeps(word)) continue;
    const [start, end] = valueAt(text, index + head.length, "");
    const value = text.slice(start, end);
    done = end - start > LONGEST ? end : done;
    if (isNothing(text, start, end) || !isSecretValue(name, value)) continue;
    if (/[:=：]$/.test(head) || IN_SENTENCE.test(value)) found("name", start, end);
  }
};
