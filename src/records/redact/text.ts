import { withoutColours } from "../../core/colours.js";
import { REDACTED } from "../edit/redact-paths.js";
import { findAssignments } from "./assignments.js";
import { findNamedCards } from "./cards.js";
import { findCommands } from "./commands.js";
import type { Find, Kind } from "./finding.js";
import { findForeign } from "./foreign.js";
import type { Keeps } from "./keep.js";
import { findInLists } from "./lists.js";
import { findMarkup } from "./markup.js";
import { findPrivateKeys } from "./private-keys.js";
import { findServiceKeys } from "./service-keys.js";
import { withoutSpelling } from "./spelling.js";
import { findStatements } from "./statements.js";
import { findHttpCredentials, findJwts } from "./tokens.js";
import { findUrlPasswords } from "./urls.js";
import { findWebhooks } from "./webhooks.js";

/** All finders; where two find the same, the first says of which kind it is. */
const FINDERS: readonly Find[] = [
  findPrivateKeys,
  findAssignments,
  findMarkup,
  findInLists,
  findCommands,
  findStatements,
  findForeign,
  findUrlPasswords,
  findWebhooks,
  findJwts,
  findHttpCredentials,
  findServiceKeys,
  findNamedCards,
];

/** What is gone can show what stood beside it as what it is: a card number that a dash hid. */
const MOST_ROUNDS = 8;

/** Told of each secret that was taken out. */
export type Count = (kind: Kind) => void;

/**
 * A text with `[redacted]` in place of its secrets; the same text when it has none. Colours go where a secret was found
 * with them, and so do the escapes of JSON that spell plain letters: secrets may hide behind both.
 */
export function redactText(text: string, count: Count, keeps: Keeps): string {
  const plain = withoutColours(withoutSpelling(text));
  let redacted = plain;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const again = replaceSecrets(redacted, count, keeps);
    if (again === redacted) break;
    redacted = again;
  }
  return redacted === plain ? text : redacted;
}

interface Secret {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
}

function replaceSecrets(text: string, count: Count, keeps: Keeps): string {
  const secrets: Secret[] = [];
  for (const find of FINDERS) {
    find(
      text,
      (kind, start, end) => {
        if (text.slice(start, end) !== REDACTED) secrets.push({ kind, start, end });
      },
      keeps,
    );
  }
  if (secrets.length === 0) return text;
  // The sort is stable: of two that begin together the first finder's comes first.
  secrets.sort((a, b) => a.start - b.start);
  let out = "";
  let done = 0;
  for (const { kind, start, end } of secrets) {
    if (start >= done) {
      out += text.slice(done, start) + REDACTED;
      count(kind);
    }
    // Where they overlap, what the longer one covers goes too.
    done = Math.max(done, end);
  }
  return out + text.slice(done);
}
