import type { Find } from "./finding.js";
import { type SecretName, secretNameOf } from "./names.js";
import { isSecretValue } from "./values.js";

/** Of a list of names (`["email", "password", "name"]`) what follows is one more name. */
const ONE_MORE_NAME = /^[A-Za-z][A-Za-z_ -]{0,60}\d{0,3}$/;
/** A header as HTTP writes it, so that what follows is its value whatever it looks like. */
const HEADER =
  /^(?:[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*){1,6}|authorization|cookie|set-cookie|x(?:-[a-z]+){1,6})$/i;

/**
 * Whether the second of two texts in a list is the value of the first: `["--password","x"]`, `["X-Api-Key","x"]`,
 * `["token","a1-b2"]`; of a list of names (`["password","email"]`) it is none.
 */
export function isValueBehind(first: string, second: string): boolean {
  const flag = /^--?(?=[a-z])/i.exec(first);
  const name: SecretName | undefined = secretNameOf(flag === null ? first : first.slice(flag[0].length));
  if (name === undefined || second === "") return false;
  if (flag !== null) return flag[0] === "--" && !second.startsWith("-");
  return isSecretValue(name, second) && (HEADER.test(first) || !ONE_MORE_NAME.test(second));
}

/** Two texts of a list in other text, in the same quotes. */
const TWO = /(\\?["'])([A-Za-z][\w.-]{0,99}|--[a-z][\w-]{0,99})\1, {0,2}\1([^"'\\]{1,2000})(?=\1)/g;

/** Secrets that stand in a list behind their name. */
export const findInLists: Find = (text, found, keeps) => {
  TWO.lastIndex = 0;
  for (let match = TWO.exec(text); match !== null; match = TWO.exec(text)) {
    const [all, quote = "", name = "", value = ""] = match;
    const start = match.index + all.length - value.length;
    if (!keeps(name) && isValueBehind(name, value)) found("name", start, start + value.length);
    // The second may be the name of a third.
    else TWO.lastIndex = start - quote.length;
  }
};
