import { withoutColours } from "../../core/colours.js";
import type { Container } from "../../core/container.js";
import { type ParsedJson, parseObject } from "../parse.js";
import { componentOf } from "../shapes/json/fields.js";
import { redactJson } from "./json.js";
import { createKeeps, KEEPS_NONE, type KeepSetting, type Keeps } from "./keep.js";
import { mayHoldSecret } from "./suspicion.js";
import { type Count, redactText } from "./text.js";

export interface RedactSettings {
  readonly redact: "on" | "off";
  readonly redactKeep: KeepSetting;
}

/** Takes the secrets out of a line's text. */
export type Redact = (text: string, container: Container) => string;

/** What takes the secrets out of lines, when the setting `redact` says so. */
export function createRedact({ redact, redactKeep }: RedactSettings, count: Count): Redact | undefined {
  if (redact === "off") return undefined;
  const keepsOf = createKeeps(redactKeep);
  return (text, container) => redactLine(text, count, (json) => keepsOf(() => componentIn(json, container)));
}

/** As the record will have it: the container's label, what the line says, the container's name. */
function componentIn(json: ParsedJson | undefined, { componentLabel, componentDefault }: Container): string {
  return componentLabel ?? (json && componentOf(json.data)) ?? componentDefault;
}

/**
 * A line's text without its secrets, before anything else looks at it: record, rules and files can only hold what it
 * leaves. The same text for lines without a secret. What is a secret: docs/SECRETS.md.
 */
export function redactLine(
  text: string,
  count: Count,
  keepsIn: (json: ParsedJson | undefined) => Keeps = () => KEEPS_NONE,
): string {
  if (!mayHoldSecret(text)) return text;
  const bare = withoutColours(text);
  const json = parseObject(bare);
  const keeps = keepsIn(json);
  const redacted = json === undefined ? redactText(bare, count, keeps) : redactJson(bare, count, keeps);
  return redacted === bare ? text : redacted;
}
