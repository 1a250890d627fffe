import type { TextTerm } from "./terms.js";

/** What words are made of, for their ends: a word of other letters may stand within another, as Korean writes its particles behind. */
const WORD = "[A-Za-z0-9_]";
/** A letter or sign beyond ASCII that has no capital and is none, so that it stands in a file as it was typed. As a `u` expression. */
export const CASELESS = "(?:(?![\\p{Lu}\\p{Ll}\\p{Lt}\\p{Changes_When_Casemapped}])[\\u0080-\\u{10ffff}])";
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

/** Whether a line's text, as it is stored, holds the term. A word in a search is a whole word in the line. */
export function textTest(term: TextTerm, stored: "json" | "csv"): (text: string) => boolean {
  const pattern = patternOf(term, stored);
  return (text) => pattern.test(text);
}

/** In a file a text stands with JSON's escapes, or with CSV's. */
export function asStored(text: string, stored: "json" | "csv"): string {
  return stored === "json" ? JSON.stringify(text).slice(1, -1) : text.replaceAll('"', '""');
}

function patternOf({ text, openStart, openEnd }: TextTerm, stored: "json" | "csv"): RegExp {
  const start = !openStart && isWordAt(text, 0) ? `(?<!${WORD})` : "";
  const end = !openEnd && isWordAt(text, text.length - 1) ? `(?!${WORD})` : "";
  return new RegExp(`${start}${asStored(text, stored).replace(SPECIAL, "\\$&")}${end}`, "i");
}

export function isWordAt(text: string, at: number): boolean {
  return /[A-Za-z0-9_]/.test(text[at] ?? "");
}
