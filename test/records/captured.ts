import { readFileSync } from "node:fs";

/** The lines of a captured file: `lines/pino` (scripts/capture-lines.mjs) or `traces/go-nil` (scripts/capture-traces.mjs). */
export function captured(name: string): string[] {
  const text = readFileSync(new URL(`captured/${name}.txt`, import.meta.url), "utf8");
  return text.split("\n").slice(0, -1);
}
