import { withoutColours } from "../clean.js";
import { findCards } from "./cards.js";
import type { Find } from "./finding.js";
import { endOfName, maySecretNameEndAt } from "./name-in-text.js";
import { findPrivateKeys } from "./private-keys.js";
import { findServiceKeys } from "./service-keys.js";
import { SPELLED } from "./spelling.js";
import { findHttpCredentials, findJwts } from "./tokens.js";
import { findUrlPasswords } from "./urls.js";

const ESCAPE = "\u001b";
const CSI = "\u009b";

/**
 * Letters that every secret's name has: `pas`, `pwd`, `ken`, `key`, `kie`, `zat`, `jwt`, `cret`, `cred`, `cvv`, `cvc`,
 * `sess` before `id`. `ken` within `tokens` or `token_count` is none: models print them in every line, and no secret is
 * named so. The same letters are looked for at all places of an alternative, and alternatives are few: V8 then skips
 * several characters at a time, which it gives up for longer lists (then it takes three times as long).
 */
const NAME_TRACE =
  /[pP][aAwW][sSdD]|[kK][eEiI](?:[nN](?!_?[A-Za-z])|[yYeE])|[zZjJ][aAwW][tT]|[cC][rRvV][eEvVcC](?:[tTdD]|\b|[^A-Za-z])|[sS][eE][sS][sS](?:[iI][oO][nN])?(?:\\[a-z]|[^A-Za-z]){0,99}[iI][dD]/;
const NAME_TRACES = new RegExp(NAME_TRACE, "g");
/** Letters that every token and key has, in two parts for the same reason. */
const TOKEN_TRACE = /eyJ|AKIA|ASIA|AIza|BEGIN|[eE][aA][rR][eE][rR] |[aA][sS][iI][cC] /;
const KEY_TRACE = /gh[pousr]_|pat[_-]|xox[a-z]-|npm_|(?<![A-Za-z0-9])(?:hf_|sk-)|[sr]k_[lt][ie]|SG\./;
/** The first digits of thirteen or more, or of the first two groups; no card begins with 1, as times do. */
const CARD_TRACE = /(?<!\d)[2-6]\d\d\d[\d -]\d\d\d\d[\d -]\d/;
/** An escape's letters are none of what stands behind it: `\nsk-…`, `\u53f74111…`. */
const BEHIND_ESCAPE = /\\(?:[bfnrt]|u[\dA-Fa-f]{4})(?:hf_|sk-|[2-6]\d\d\d[\d -])/;

const TOKENS: readonly Find[] = [findPrivateKeys, findJwts, findHttpCredentials, findServiceKeys];

/**
 * Whether a text, JSON or not, may hold a secret: right where it says no, and seldom wrong where it says yes. Nearly all
 * lines go no further than these looks for a few letters; bench/redact.mjs measures them.
 */
export function mayHoldSecret(text: string): boolean {
  if (text.includes(ESCAPE) || text.includes(CSI)) {
    const plain = withoutColours(text);
    if (plain !== text) return mayHoldSecret(plain);
  }
  const escaped = text.includes("\\");
  if (escaped && (SPELLED.test(text) || BEHIND_ESCAPE.test(text))) return true;
  const name = NAME_TRACE.test(text);
  const token = TOKEN_TRACE.test(text) || KEY_TRACE.test(text);
  const card = CARD_TRACE.test(text);
  const address = text.includes("@");
  return (name || token || card || address) && looksLikeSecret(text, { name, token, card, address, escaped });
}

interface Traces {
  readonly name: boolean;
  readonly token: boolean;
  readonly card: boolean;
  readonly address: boolean;
  readonly escaped: boolean;
}

function looksLikeSecret(text: string, { name, token, card, address, escaped }: Traces): boolean {
  if (name && hasSecretName(text)) return true;
  // Escapes may stand within what the finders look for (`:\/\/`), and then only the way through all strings is sure.
  if (escaped && (token || card || address)) return true;
  return (
    (token && TOKENS.some((find) => finds(find, text))) ||
    (card && finds(findCards, text)) ||
    (address && finds(findUrlPasswords, text))
  );
}

function hasSecretName(text: string): boolean {
  NAME_TRACES.lastIndex = 0;
  while (NAME_TRACES.test(text)) {
    const trace = NAME_TRACES.lastIndex;
    const end = endOfName(text, trace - 2);
    if (maySecretNameEndAt(text, end)) return true;
    NAME_TRACES.lastIndex = Math.max(trace, end);
  }
  return false;
}

function finds(find: Find, text: string): boolean {
  let any = false;
  find(text, () => {
    any = true;
  });
  return any;
}
