import type { TextTerm } from "../terms.js";
import { asStored, CASELESS, isWordAt } from "../text-test.js";
import { eachToken } from "./tokens.js";

/** A run of word letters, or of other letters that have no capitals: only these stand in a file as they were typed. */
const RUN = new RegExp(`[A-Za-z0-9_]+|${CASELESS}+`, "gu");

/**
 * The tokens that every segment must have in which all terms can be found. A word that may go on in front or behind says nothing of the
 * token that it is a part of; other letters are known by their pairs, wherever a word of them begins and ends.
 */
export function requiredTokens(required: readonly TextTerm[]): number[] {
  const hashes = new Set<number>();
  for (const term of required) {
    const text = asStored(term.text, "json");
    for (const { 0: run, index } of text.matchAll(RUN)) {
      if (isWhole(term, text, run, index)) eachToken(Buffer.from(run), (hash) => hashes.add(hash));
    }
  }
  return [...hashes];
}

/** Whether a run of word letters in the term is one in the line, too. */
function isWhole({ openStart, openEnd }: TextTerm, text: string, run: string, index: number): boolean {
  if (!isWordAt(run, 0)) return true;
  const isOpen = (openStart && index === 0) || (openEnd && index + run.length === text.length);
  // `\n` and `\u0007`: what stands behind a backslash is part of a sign.
  return !isOpen && text[index - 1] !== "\\";
}
