import { base64Offsets, encodeText, plainTokens, spellOut, windash } from "./encode.js";
import { compileLiteralScan } from "./grams.js";
import type { ItemPlan } from "./modifiers.js";
import { fold } from "./text.js";
import { MANY, plainText, type Token, tokenize, widen } from "./tokens.js";
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

/** From this many searched texts on, one scan for all is faster than searching for each. */
const MANY_SEARCHED = 12;

/**
 * A test whether a text matches any of the patterns: whole texts by one look into a set, many searched ones by one
 * scan, the others in turn.
 */
export function compileVariants(variants: Variants): TextTest {
  const whole = new Set<string>();
  const searched: string[] = [];
  const tests: TextTest[] = [];
  for (const tokens of variants) {
    const text = plainText(tokens);
    const inner = searchedText(tokens);
    if (text !== undefined) whole.add(text);
    else if (inner !== undefined) searched.push(inner);
    else tests.push(compileWildcard(tokens));
  }
  if (searched.length >= MANY_SEARCHED) tests.unshift(containsAny(searched));
  else tests.unshift(...searched.map((text) => compileWildcard([MANY, text, MANY])));
  if (whole.size === 1) tests.unshift(compileWildcard(plainTokens([...whole][0]!)));
  else if (whole.size > 1) tests.unshift((text) => whole.has(text));
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (text) => {
    for (let at = 0; at < tests.length; at++) if (tests[at]!(text)) return true;
    return false;
  };
}

/** The text of a pattern that is one text between two stars. */
function searchedText(tokens: readonly Token[]): string | undefined {
  const [front, text, behind] = tokens;
  const searched = tokens.length === 3 && front === MANY && behind === MANY && typeof text === "string";
  return searched ? text : undefined;
}

function containsAny(texts: readonly string[]): TextTest {
  const scan = compileLiteralScan(texts);
  return (text) => {
    let contained = false;
    scan(text, () => {
      contained = true;
    });
    return contained;
  };
}
