import { parseDays } from "../config/units.js";

/**
 * `permanent`, or a duration in days as the folder below tagged/ is called: 2w and 14d are the same folder.
 * The form was checked by the schema.
 */
export function retentionFolder(retention: string): string {
  return retention === "permanent" ? retention : `${parseDays(retention)}d`;
}

/** The longer of two, both as `retentionFolder` gives them. */
export function longer(a: string, b: string): string {
  if (a === "permanent" || b === "permanent") return "permanent";
  return Number.parseInt(a, 10) >= Number.parseInt(b, 10) ? a : b;
}
