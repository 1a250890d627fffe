import { compileRegex } from "./match/regexp/compile.js";

/**
 * Compiles a regular expression that a label or a setting gives, to run in time linear in the text.
 * @throws Error with the reason when it is wrong or cannot be run so.
 */
export function compilePattern(source: string): { test(text: string): boolean } {
  const compiled = compileRegex(source, { ignoreCase: false, multiline: false, dotAll: false });
  if ("reason" in compiled) throw new Error(`/${source}/ cannot be used: ${compiled.reason}`);
  return { test: compiled.test };
}
