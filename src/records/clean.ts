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
