import { withoutColours } from "../clean.js";
import { parseObject } from "../parse.js";
import { redactJson } from "./json.js";
import { mayHoldSecret } from "./suspicion.js";
import { type Count, redactText } from "./text.js";

/** What takes the secrets out of lines, when the setting `redact` says so. */
export function createRedact(setting: "on" | "off", count: Count): ((text: string) => string) | undefined {
  return setting === "on" ? (text) => redactLine(text, count) : undefined;
}

/**
 * A line's text without its secrets, before anything else looks at it: record, rules and files can only hold what it
 * leaves. The same text for lines without a secret. What is a secret: docs/SECRETS.md.
 */
export function redactLine(text: string, count: Count): string {
  if (!mayHoldSecret(text)) return text;
  const bare = withoutColours(text);
  const redacted = parseObject(bare) === undefined ? redactText(bare, count) : redactJson(bare, count);
  return redacted === bare ? text : redacted;
}
