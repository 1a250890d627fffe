import { base64Offsets, encodeText, plainTokens, spellOut, windash } from "./encode.js";
import type { ItemPlan } from "./modifiers.js";
import { fold } from "./text.js";
import { DASH, DASHES, plainText, type Token, tokenize, widen } from "./tokens.js";
import type { Need } from "./types.js";
import { compileWildcard, type TextTest } from "./wildcard.js";

/** The patterns that one value of a rule becomes: any of them may match. */
export type Variants = readonly (readonly Token[])[];

/** Applies a plan's modifiers, from left to right, to a value; or the reason why they can't be. */
export function expandValue(
  value: string | number | boolean | bigint,
  plan: ItemPlan,
): Variants | { reason: string } {
  const tokens = typeof value === "string" ? tokenize(value) : plainTokens(String(value));
  let variants: Token[][] = [tokens];
  for (const transform of plan.transforms) {
    const made: Token[][] = [];
    for (const variant of variants) {
      if (transform.kind === "windash") made.push(windash(variant));
      else if (transform.kind === "widen") made.push(widen(variant, transform.front, transform.behind));
      else {
        const texts = spellOut(variant);
        if (!Array.isArray(texts)) return texts;
        for (const text of texts) {
          const bytes = encodeText(text, transform.encoding);
          const encoded = transform.kind === "base64" ? [bytes.toString("base64")] : base64Offsets(bytes);
          made.push(...encoded.map(plainTokens));
        }
      }
    }
    if (made.length === 0) return { reason: "an empty value leaves base64offset nothing to search for" };
    variants = made;
  }
  const pieces = plan.transforms.at(-1)?.kind === "base64offset";
  return pieces || plan.field === "" ? variants.map((variant) => search(variant, plan)) : variants;
}

/** Keywords and the pieces that base64offset makes are searched for, unless a modifier says where they stand. */
function search(tokens: readonly Token[], plan: ItemPlan): readonly Token[] {
  const placed = plan.transforms.some(({ kind }) => kind === "widen");
  return placed ? tokens : widen(tokens, true, true);
}

/** The same patterns in folded case. */
export function foldVariants(variants: Variants): Variants {
  return variants.map((tokens) => tokens.map((token) => (typeof token === "string" ? fold(token) : token)));
}

/** A test whether a text matches any of the patterns: plain texts by one look into a set, the others in turn. */
export function compileAny(variants: Variants): TextTest {
  const plain = new Set<string>();
  const tests: TextTest[] = [];
  for (const tokens of variants) {
    const text = plainText(tokens);
    if (text === undefined) tests.push(compileWildcard(tokens));
    else plain.add(text);
  }
  if (plain.size === 1) tests.unshift(compileWildcard(plainTokens([...plain][0]!)));
  else if (plain.size > 1) tests.unshift((text) => plain.has(text));
  if (tests.length === 1) return tests[0]!;
  return (text) => {
    for (let at = 0; at < tests.length; at++) if (tests[at]!(text)) return true;
    return false;
  };
}

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
