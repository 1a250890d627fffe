import type { Find } from "./finding.js";
import { secretNameBefore } from "./name-in-text.js";
import { secretNameOf } from "./names.js";
import { isNothing, valueAt } from "./value-at.js";
import { isDescription, isSecretValue } from "./values.js";

/** What stands between a name and its value; `%3D` in an address that is a parameter of another. */
const SEPARATOR = /[:=]|%3[aAdD]/g;
/** Signs that end no name, nor stand between one and its value. */
const NO_NAME = /[:=,;{}()[<>/&]/;
/** An object or a list, of which a guarded name says nothing, and which may tell about a token instead of being one. */
const OPENS = /^[\s:=>%\dA-Z]{0,9}[[{]/;

/**
 * Values of well-known names in text: `password=…`, `token: …`, `"secret": {…}`, `Authorization: Bearer …`, query
 * parameters; in JSON that is cut or stands in other text, too, with its quotes escaped or not.
 */
export const findAssignments: Find = (text, found, keeps) => {
  let done = 0;
  for (const { index, 0: sign } of text.matchAll(SEPARATOR)) {
    if (index < done || NO_NAME.test(text.charAt(index - 1))) continue;
    const written = secretNameBefore(text, index);
    const name = written === undefined ? undefined : secretNameOf(written);
    if (written === undefined || name === undefined || keeps(written)) continue;
    if (isFile(text, index - written.length, index)) continue;
    const opens = OPENS.exec(text.slice(index, index + 10));
    if (opens !== null && (name.guard !== undefined || isDescription(text, index + opens[0].length - 1)))
      continue;
    const [start, end] = valueAt(text, index + sign.length, written);
    if (isNothing(text, start, end) || !isSecretValue(name, text.slice(start, end))) continue;
    found("name", start, end);
    done = end;
  }
};

/** `/run/secrets/db_password: permission denied`: a file's path and what befell it. */
const PATH = /(?:^|[\s"'`(=])(?:\.{0,2}|~)\/[\w./@+-]{0,250}$/;
const LONGEST_PATH = 256;

function isFile(text: string, start: number, end: number): boolean {
  if (text.charAt(start - 1) !== "/" || text.slice(end, end + 2) !== ": ") return false;
  return PATH.test(text.slice(Math.max(0, start - LONGEST_PATH), start));
}
