import { compileRegex } from "./compile.js";

const NO_FLAGS = { ignoreCase: false, multiline: false, dotAll: false } as const;

/**
 * A regular expression that stands alone (a container's `multiline` label): searched for anywhere, case matters,
 * linear in its text. Throws an Error with the reason and its place when the pattern is wrong or refused.
 */
export function compilePattern(source: string): { readonly test: (text: string) => boolean } {
  const compiled = compileRegex(source, NO_FLAGS);
  if (!("reason" in compiled)) return { test: compiled.test };
  throw new Error(`${compiled.reason} (at character ${compiled.offset + 1} of ${source})`);
}
