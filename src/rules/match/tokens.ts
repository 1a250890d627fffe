/** A piece of a value: text, one character, any length, or one of the five dashes. */
export type Token = string | typeof ONE | typeof MANY | typeof DASH;

/** `?`: exactly one character. */
export const ONE = Symbol("?");
/** `*`: any number of characters, none too. */
export const MANY = Symbol("*");
/** Any of the five dashes; made by the modifier windash. */
export const DASH = Symbol("dash");

/** The characters that start a switch on Windows command lines, all taken alike by windash. */
export const DASHES = ["-", "/", "\u2013", "\u2014", "\u2015"] as const;

/**
 * Cuts a value into text and wildcards. A backslash before `*`, `?` or another backslash makes that one plain;
 * any other backslash is a backslash. Modifiers add their wildcards to the tokens, never to the text, so that
 * a value that ends in a backslash keeps it.
 */
export function tokenize(value: string): Token[] {
  const tokens: Token[] = [];
  let text = "";
  const flush = (): void => {
    if (text !== "") tokens.push(text);
    text = "";
  };
  for (let at = 0; at < value.length; at++) {
    const letter = value[at]!;
    const next = value[at + 1];
    if (letter === "\\" && (next === "*" || next === "?" || next === "\\")) {
      text += next;
      at++;
    } else if (letter === "*" || letter === "?") {
      flush();
      tokens.push(letter === "*" ? MANY : ONE);
    } else {
      text += letter;
    }
  }
  flush();
  return tokens;
}

/** The plain text of tokens without wildcards; undefined when there are any. */
export function plainText(tokens: readonly Token[]): string | undefined {
  if (tokens.length === 0) return "";
  return tokens.length === 1 && typeof tokens[0] === "string" ? tokens[0] : undefined;
}

/** The same tokens, open in front (`endswith`), behind (`startswith`) or both (`contains`). */
export function widen(tokens: readonly Token[], front: boolean, behind: boolean): Token[] {
  const widened = [...tokens];
  if (front && widened[0] !== MANY) widened.unshift(MANY);
  if (behind && (widened[widened.length - 1] !== MANY || widened.length === 0)) widened.push(MANY);
  return widened;
}
