import { isBelow } from "../core/below.js";
import { CATEGORIES } from "../core/record.js";

/** Where the store keeps what is its own, below the log folder. */
export const STORE_FOLDER = ".sidecar";
export const STAGED_FOLDER = `${STORE_FOLDER}/staged`;
/** Finished files before they get their name: whatever is found in it at start is removed. */
export const TEMPORARY_FOLDER = `${STORE_FOLDER}/tmp`;
export const CHECKPOINT = `${STORE_FOLDER}/checkpoint.json`;
export const FORMER_CHECKPOINT = `${STORE_FOLDER}/checkpoint.previous.json`;
/** Takes room that is given back when there is no other. */
export const RESERVE = `${STORE_FOLDER}/reserve`;
export const JOURNAL = `${STORE_FOLDER}/created.jsonl`;

/** Whether a path that was read back is one that the store can have written: in a folder of a category, or a staged file. */
export function isOurs(path: string): boolean {
  const tops: readonly string[] = [STAGED_FOLDER, ...CATEGORIES];
  return isBelow(path) && tops.some((top) => path.startsWith(`${top}/`));
}
