import type { Entry } from "../reading/entries.js";
import { rowOf } from "../reading/rows.js";
import type { BatchedOutput } from "./batched-output.js";
import type { Console } from "./console.js";
import { isTerminal } from "./progress.js";
import { TailText } from "./tail-text.js";
import { escaped } from "./visible.js";

export interface EntryStyle {
  readonly json: boolean;
  readonly timeZone: string;
  /** No colours, whatever the output is. */
  readonly noColor: boolean;
}

/** Writes entries for people on a terminal, and as they are stored for programs. */
export function entryWriter(
  { json, timeZone, noColor }: EntryStyle,
  out: Console["out"],
  output: BatchedOutput,
): (entry: Entry) => Promise<unknown> | undefined {
  if (!isTerminal(out)) return (entry) => output.write(`${jsonOf(entry)}\n`);
  if (json) return (entry) => output.write(`${escaped(jsonOf(entry))}\n`);
  const text = new TailText({ timeZone, color: !noColor });
  return (entry) => output.write(text.of(entry));
}

/** A record as it is stored, a row as an object. */
export function jsonOf(entry: Entry): string {
  return entry.header === undefined ? entry.text : JSON.stringify(rowOf(entry));
}
