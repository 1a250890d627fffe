/** ESC and its one-byte relative CSI: without them a text has no colours. */
const ESCAPE = "\u001b";
const CSI = "\u009b";

/** Control sequences of ECMA-48 (colours, cursor), titles and links (OSC), and two-character escapes. */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these sequences are made of control characters
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]|\u001b\][^\u0007\u001b]{0,2048}(?:\u0007|\u001b\\)|\u001b[ -/]?[0-Z\\^-~]/g;

/** The text without terminal colours and cursor movements. Costs next to nothing for text that has none. */
export function withoutColours(text: string): string {
  if (!text.includes(ESCAPE) && !text.includes(CSI)) return text;
  return text.replace(SEQUENCES, "");
}

/** Of a bar that was redrawn very often, the last states tell. */
const LONGEST_BAR = 16_384;

/**
 * A progress bar redraws itself with carriage returns: what a reader saw at the end is its last state.
 * Only texts whose every state counts (`42%`, `3/10`) are cut down so; others keep their carriage returns.
 */
export function withoutRedraws(text: string): string {
  if (!text.includes("\r")) return text;
  const trimmed = text.endsWith("\r") ? text.slice(0, -1) : text;
  if (!trimmed.includes("\r")) return trimmed;
  const states = trimmed
    .slice(-LONGEST_BAR)
    .split("\r")
    .filter((state) => state !== "");
  const last = states.at(-1);
  return last !== undefined && states.every((state) => /\d ?%|\d\/\d/.test(state)) ? last : trimmed;
}
