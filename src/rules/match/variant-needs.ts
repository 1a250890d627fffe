import { foldVariants, type Variants } from "./texts.js";
import { DASH, DASHES, plainText, type Token } from "./tokens.js";
import type { Need } from "./types.js";

/** What a field must hold for any of the patterns to match, for the index. */
export function needOfVariants(field: string | undefined, variants: Variants): Need[] {
  const equal: string[] = [];
  const within: string[] = [];
  for (const tokens of foldVariants(variants)) {
    const plain = plainText(tokens);
    if (plain !== undefined) equal.push(plain);
    else {
      const longest = longestRun(tokens);
      if (longest === undefined) return [{ field, how: "present", values: [] }];
      within.push(...longest);
    }
  }
  const needs: Need[] = [];
  if (equal.length > 0) needs.push({ field, how: "equals", values: equal });
  if (within.length > 0) needs.push({ field, how: "contains", values: within });
  return needs;
}

/** The longest text between wildcards, with one dash of windash spelled out in it at most; undefined without text. */
function longestRun(tokens: readonly Token[]): readonly string[] | undefined {
  let best: readonly string[] = [];
  for (const [at, token] of tokens.entries()) {
    const [before, behind] = [tokens[at - 1], tokens[at + 1]];
    const texts =
      typeof token === "string"
        ? [token]
        : token === DASH
          ? DASHES.map(
              (dash) =>
                (typeof before === "string" ? before : "") +
                dash +
                (typeof behind === "string" ? behind : ""),
            )
          : [];
    if ((texts[0] ?? "").length > (best[0] ?? "").length) best = texts;
  }
  return best.length > 0 ? best : undefined;
}

/** The longest plain text that any of the patterns equals, or undefined when one has wildcards. */
export function longestPlain(variants: Variants): number | undefined {
  let longest = 0;
  for (const tokens of variants) {
    const plain = plainText(tokens);
    if (plain === undefined) return undefined;
    longest = Math.max(longest, plain.length);
  }
  return longest;
}
