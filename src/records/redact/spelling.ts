/**
 * Escapes of JSON for letters, digits and the signs that secrets and their names are made of, none of which needs one;
 * and for the two characters that colours begin with.
 */
export const SPELLED = /\\u00(?:[19]b|2[0d-f]|3[0-9ad]|4[0-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])/i;
const ALL_SPELLED = new RegExp(SPELLED, "gi");

/** A text with such escapes read, as far as it is no JSON that would be read anyway. */
export function withoutSpelling(text: string): string {
  if (!text.includes("\\u")) return text;
  return text.replace(ALL_SPELLED, (code) => String.fromCharCode(Number.parseInt(code.slice(2), 16)));
}
