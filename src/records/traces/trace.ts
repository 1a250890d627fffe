import type { Beginning } from "../by-first.js";

/**
 * How one language prints an error over several lines, as a small automaton. A state is a number above 0, so that
 * following a trace allocates nothing; 0 (`NOT_PART`) means that the line does not belong.
 *
 * `begins` is of the lines that `follow` or `start` takes.
 *
 * Automatons are strict: an indented line alone never joins, only what the language prints at that place. The
 * patterns take time linear in the line.
 */
export interface Trace extends Beginning {
  /** The state after `text` when it goes on with the ordinary line `before`, printed just before it. */
  follow(before: string, text: string): number;
  /** The state after a line that begins an event of this kind. */
  start(text: string): number;
  /** The state after a line that goes on with an event in `state`. */
  next(state: number, text: string): number;
}

/** The line is no part of the event. */
export const NOT_PART = 0;

/** For kinds that have no first line of their own, or that never go on with an ordinary line. */
export function never(): number {
  return NOT_PART;
}
