import { withoutColours } from "../clean.js";
import { endOfName, secretNameBefore } from "./assignments.js";
import { findCards } from "./cards.js";
import type { Find } from "./finding.js";
import { findPrivateKeys } from "./private-keys.js";
import { findServiceKeys } from "./service-keys.js";
import { SPELLED } from "./spelling.js";
import { findHttpCredentials, findJwts } from "./tokens.js";
import { findUrlPasswords } from "./urls.js";

const ESCAPE = "\u001b";
const CSI = "\u009b";

/** Letters that every secret name has: `pas`, `pwd`, `key`, `ken`, `kie`, `zat`, `jwt`, `cret`, `cred`, `sess`, `cvv`. */
const NAME_TRACE =
  /[pPkKzZjJ][aAwWeEiI][sSdDnNyYtTeE]|[cC][rRvV][eEvVcC](?:[tTdD]|\b|[^A-Za-z])|[sS][eE][sS][sS]/g;
/** Letters that every token and key has, in two parts: V8 looks for few alternatives several times as fast as for many. */
const TOKEN_TRACE = /yJ[A-Za-z0-9]|A[KSI][Iz][Aa]|BEGIN|[bB][eEaA][aAsS][rRiI][eEcC]/;
const KEY_TRACE = /gh[pousr]_|pat[_-]|xox[a-z]-|npm_|(?<![A-Za-z0-9])(?:hf_|sk-)|[sr]k_[lt][ie]|SG\./;
/** Nine digits of thirteen or more, or of the first two groups. */
const CARD_TRACE = /\d\d\d\d[\d -]\d\d\d\d[\d -]\d/;

const TOKENS: readonly Find[] = [findPrivateKeys, findJwts, findHttpCredentials, findServiceKeys];
const KEYS: readonly Find[] = [findServiceKeys];
const CARDS: readonly Find[] = [findCards];
const URLS: readonly Find[] = [findUrlPasswords];

/**
 * Whether a text, JSON or not, may hold a secret: right where it says no, and seldom wrong where it says yes. Nearly all
 * lines go no further than these looks for a few letters; bench/redact.mjs measures them.
 */
export function mayHoldSecret(text: string): boolean {
  const escaped = text.includes("\\");
  if (escaped && SPELLED.test(text)) return true;
  if (text.includes(ESCAPE) || text.includes(CSI)) {
    const plain = withoutColours(text);
    if (plain !== text) return mayHoldSecret(plain);
  }
  if (hasSecretName(text)) return true;
  // Escapes may stand within what the finders look for (`:\/\/`), and then only the way through all strings is sure.
  const holds = (finders: readonly Find[]) => escaped || finders.some((find) => finds(find, text));
  return (
    (text.includes("@") && holds(URLS)) ||
    (TOKEN_TRACE.test(text) && holds(TOKENS)) ||
    (KEY_TRACE.test(text) && holds(KEYS)) ||
    (CARD_TRACE.test(text) && holds(CARDS))
  );
}

function hasSecretName(text: string): boolean {
  NAME_TRACE.lastIndex = 0;
  for (let match = NAME_TRACE.exec(text); match !== null; match = NAME_TRACE.exec(text)) {
    const end = endOfName(text, match.index);
    if (secretNameBefore(text, end) !== undefined) return true;
    NAME_TRACE.lastIndex = end;
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
