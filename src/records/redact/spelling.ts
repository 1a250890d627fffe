/**
 * Escapes of JSON for signs of ASCII, none of which needs one: programs write `&`, `<`, `>`, quotes and `+` so (Go, .NET),
 * and any letter may be hidden so; and for the two characters that colours begin with.
 */
export const SPELLED = /\\u00(?:[19]b|[2-7][\da-f])/i;
const ALL_SPELLED = new RegExp(SPELLED, "gi");

/** A text with such escapes read, as far as it is no JSON that would be read anyway. */
export function withoutSpelling(text: string): string {
  if (!text.includes("\\u")) return text;
  return text.replace(ALL_SPELLED, spelledBy);
}

/** What would end a string that it stands in, or begin another escape, keeps a backslash. */
function spelledBy(code: string): string {
  const sign = String.fromCharCode(Number.parseInt(code.slice(2), 16));
  if (sign === "\\") return code;
  return sign === '"' ? '\\"' : sign;
}
