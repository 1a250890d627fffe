import type { NameLimit } from "../core/name-limit.js";
import { SHARED_NAME, safeName } from "../core/names.js";

/** Folder and file stem of a table or dataset. */
export interface Placement {
  readonly folder: string;
  readonly stem: string;
}

/**
 * Where a table or dataset goes. One that must share `_other` keeps files of its own there: rows with different columns
 * cannot stand in one table, and the names come from rules, so their number is limited anyway.
 */
export function placeByName(category: "summary" | "training", name: string, limit: NameLimit): Placement {
  const part = limit.place(name);
  return { folder: `${category}/${part}`, stem: part === SHARED_NAME ? safeName(name) : part };
}
