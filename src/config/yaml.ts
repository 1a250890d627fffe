import { createRequire } from "node:module";
import type * as Yaml from "yaml";

const load = createRequire(import.meta.url);
/** The defaults of lists and maps. */
const EMPTY: Readonly<Record<string, () => unknown>> = { "[]": () => [], "{}": () => ({}) };

/**
 * Parses YAML. The library takes a tenth of a second to load, which most commands, and the health check each half minute,
 * need not wait for: they have nothing to parse.
 * @throws what the library throws
 */
export function parseYaml(text: string): unknown {
  const empty = EMPTY[text];
  return empty === undefined ? (load("yaml") as typeof Yaml).parse(text) : empty();
}
