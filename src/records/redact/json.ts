import { applyPatches, type Patch } from "../edit/patch.js";
import { REDACTED } from "../edit/redact-paths.js";
import { eachElement, eachMember, endOfValue, type Span, stringAt } from "../edit/walk.js";
import { findCards } from "./cards.js";
import { isSecretName } from "./names.js";
import { mayHoldSecret } from "./suspicion.js";
import { type Count, redactText } from "./text.js";

const QUOTE = 34;
const OPEN_LIST = 91;
const OPEN = 123;
const REDACTED_JSON = JSON.stringify(REDACTED);
/** A shorter number is no card's. */
const SHORTEST_CARD = 13;
/** Under a secret's name these tell that there is none, or whether there is one. */
const NOTHING = new Set(['""', "null", "true", "false", REDACTED_JSON]);

/**
 * An object's text with `[redacted]` in place of its secrets: what stands under a secret's name, as a whole, and what
 * is found in strings. Strings without a secret, numbers and spaces stay as they were written. `json` is valid JSON.
 */
export function redactJson(json: string, count: Count): string {
  const patches: Patch[] = [];
  const visitMember = (key: Span, start: number): number => {
    const name = stringAt(json, key);
    if (isSecretName(name)) return visitSecret(start);
    if (mayHoldSecret(name)) visitString(key);
    return visitValue(start);
  };
  const visitValue = (start: number): number => {
    const first = json.charCodeAt(start);
    if (first === OPEN) return eachMember(json, start, visitMember);
    if (first === OPEN_LIST) return eachElement(json, start, visitValue);
    const span = { start, end: endOfValue(json, start) };
    if (first === QUOTE) visitString(span);
    else visitNumber(span);
    return span.end;
  };
  const visitSecret = (start: number): number => {
    const end = endOfValue(json, start);
    if (!NOTHING.has(json.slice(start, end))) {
      patches.push({ start, end, text: REDACTED_JSON });
      count("name");
    }
    return end;
  };
  const visitString = (span: Span): void => {
    const text = stringAt(json, span);
    if (!mayHoldSecret(text)) return;
    const redacted = redactText(text, count);
    if (redacted !== text) patches.push({ ...span, text: JSON.stringify(redacted) });
  };
  const visitNumber = (span: Span): void => {
    if (span.end - span.start < SHORTEST_CARD) return;
    findCards(json.slice(span.start, span.end), (kind) => {
      patches.push({ ...span, text: REDACTED_JSON });
      count(kind);
    });
  };
  visitValue(json.search(/\{/));
  return patches.length === 0 ? json : applyPatches(json, patches);
}
