import type { TextEncoding } from "./encode.js";

/** What happens to a value before it is compared, in the order in which the modifiers stand. */
export type Transform =
  | { readonly kind: "widen"; readonly front: boolean; readonly behind: boolean }
  | { readonly kind: "windash" }
  | { readonly kind: "base64"; readonly encoding: TextEncoding }
  | { readonly kind: "base64offset"; readonly encoding: TextEncoding };

/** Modifiers that open a value with stars. */
export const WIDENINGS = {
  contains: { kind: "widen", front: true, behind: true },
  startswith: { kind: "widen", front: false, behind: true },
  endswith: { kind: "widen", front: true, behind: false },
} as const satisfies Record<string, Transform>;

/** Modifiers that choose the bytes that Base64 encodes. */
export const ENCODINGS = { wide: "utf16le", utf16le: "utf16le", utf16be: "utf16be", utf16: "utf16" } as const;

/**
 * The transformations that modifiers ask for, from left to right, or why one has no meaning where it stands.
 * `modifiers` are known ones; those that transform nothing are passed over.
 */
export function collectTransforms(modifiers: readonly string[]): Transform[] | { readonly reason: string } {
  const transforms: Transform[] = [];
  let encoding: TextEncoding | undefined;
  let wide = "";
  for (const modifier of modifiers) {
    const last = transforms.at(-1)?.kind;
    const encodes =
      modifier === "base64" || modifier === "base64offset" || Object.hasOwn(ENCODINGS, modifier);
    if (encodes && transforms.some(({ kind }) => kind === "widen")) {
      return {
        reason: `${modifier} can't encode wildcards; write it in front of contains, startswith or endswith`,
      };
    }
    if (last === "base64offset" && (encodes || modifier === "windash")) {
      return { reason: `${modifier} can't change the pieces of Base64 that base64offset makes` };
    }
    if (encoding !== undefined && !["base64", "base64offset", "all", "neq", "cased"].includes(modifier)) {
      return { reason: `${wide} stands in front of base64 or base64offset only, not of ${modifier}` };
    }
    if (Object.hasOwn(ENCODINGS, modifier)) {
      encoding = ENCODINGS[modifier as keyof typeof ENCODINGS];
      wide = modifier;
    } else if (modifier === "base64" || modifier === "base64offset") {
      transforms.push({ kind: modifier, encoding: encoding ?? "utf8" });
      encoding = undefined;
    } else if (modifier === "windash") {
      if (last === "base64") return { reason: "windash can't change what base64 made; write it in front" };
      transforms.push({ kind: "windash" });
    } else if (Object.hasOwn(WIDENINGS, modifier)) {
      transforms.push(WIDENINGS[modifier as keyof typeof WIDENINGS]);
    }
  }
  if (encoding !== undefined) {
    return { reason: `${wide} makes bytes and stands in front of base64 or base64offset only` };
  }
  return transforms;
}
