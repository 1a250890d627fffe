import { withoutColours } from "../../core/colours.js";
import { findCards } from "./cards.js";
import { findCommands } from "./commands.js";
import type { Find } from "./finding.js";
import { mayHoldForeign } from "./foreign.js";
import { KEEPS_NONE } from "./keep.js";
import { findPrivateKeys } from "./private-keys.js";
import { findServiceKeys } from "./service-keys.js";
import { SPELLED } from "./spelling.js";
import { findStatements } from "./statements.js";
import { findHttpCredentials, findJwts } from "./tokens.js";
import { FOUND, findTraces } from "./traces.js";
import { findUrlPasswords } from "./urls.js";
import { findWebhooks } from "./webhooks.js";

const ESCAPE = "\u001b";
const CSI = "\u009b";

/** The first digits of thirteen or more, or of the first two groups; no card begins with 1, as times do. */
const CARD_TRACE = /(?<!\d)[2-69]\d\d\d[\d -]\d\d\d\d[\d -]\d/;
/** An escape's letters are none of what stands behind it: `\nsk-…`, `\u53f74111…`. */
const BEHIND_ESCAPE =
  /\\(?:[bfnrt]|u[\dA-Fa-f]{4})(?:hf_|sk-|gsk_|ya29|hv[sb]|[KL5]|\d{6}|[2-69]\d\d\d[\d -])/;

const TOKENS: readonly Find[] = [findPrivateKeys, findJwts, findHttpCredentials, findServiceKeys];
const PLACES: readonly Find[] = [findCommands, findStatements, findWebhooks];

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
  if (mayHoldForeign(text, escaped)) return true;
  const found = findTraces(text);
  if ((found & FOUND.name) !== 0) return true;
  const token = (found & FOUND.token) !== 0;
  const place = (found & FOUND.place) !== 0;
  const card = (found & FOUND.digits) !== 0 && CARD_TRACE.test(text);
  const address = text.includes("@");
  if (!token && !place && !card && !address) return false;
  // Escapes may stand within what the finders look for (`:\\/\\/`), and then only the way through all strings is sure.
  return (
    escaped ||
    (token && TOKENS.some((find) => finds(find, text))) ||
    (place && PLACES.some((find) => finds(find, text))) ||
    (card && finds(findCards, text)) ||
    (address && finds(findUrlPasswords, text))
  );
}

function finds(find: Find, text: string): boolean {
  let any = false;
  find(
    text,
    () => {
      any = true;
    },
    KEEPS_NONE,
  );
  return any;
}
