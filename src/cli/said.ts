import { flagOf, type Settings } from "../config/schema.js";
import { causeText, SidecarError } from "../core/errors.js";
import { FORMATS } from "../records/text.js";
import { parseLogsource } from "../rules/logsource.js";
import { compilePattern } from "../rules/match/regexp/compile-pattern.js";

/** Settings that stand for the labels of containers. */
export const SAID = ["component", "level", "format", "multiline", "logsource"] as const;

type Said = Pick<Settings, (typeof SAID)[number]>;

/**
 * Whether what is said of a pipe or program can be used. A container's bad label is told of and left out, as its owner may be
 * another one; who starts a program stands beside it.
 * @throws SidecarError SETTINGS_INVALID
 */
export function checkSaid({ format, multiline, logsource }: Said): void {
  if (format !== undefined && !FORMATS.includes(format))
    refuse("format", format, `expected one of ${FORMATS.join(", ")}`);
  if (multiline !== undefined) {
    try {
      compilePattern(multiline);
    } catch (cause) {
      refuse("multiline", multiline, causeText(cause));
    }
  }
  const parsed = logsource === undefined ? undefined : parseLogsource(logsource);
  if (parsed !== undefined && "fault" in parsed) refuse("logsource", logsource, parsed.fault);
}

function refuse(name: (typeof SAID)[number], value: string | undefined, why: string): never {
  throw new SidecarError("SETTINGS_INVALID", `${flagOf(name)}=${value}: ${why}`);
}
