import type { Category } from "../core/record.js";
import type { DataFile } from "./data-file.js";

/** Categories that the emergency cleanup deletes only when told to. */
export const SACRIFICES = ["training", "tagged"] as const;
export type Sacrifice = (typeof SACRIFICES)[number];

/** Raw and summary; training and tagged when they are included, but never what is kept for ever. */
export function isOffered({ category, ownDays }: DataFile, include: ReadonlySet<Sacrifice>): boolean {
  if (category === "raw" || category === "summary") return true;
  return include.has(category) && (category === "training" || ownDays !== undefined);
}

/**
 * The first date of each category that stays: the newest date there is, and the floor's days before it. So a category that nothing was
 * written to for long is not lost whole. Dates of the future come from a clock that went wrong and do not count.
 */
export function floorDates(
  files: readonly DataFile[],
  today: string,
  floorDays: number,
): ReadonlyMap<Category, string> {
  const newest = new Map<Category, string>();
  for (const { category, date } of files) {
    if (date <= today && date > (newest.get(category) ?? "")) newest.set(category, date);
  }
  // Without a floor every date up to today may go.
  const first = (date: string) => (floorDays === 0 ? dayFrom(today, 1) : dayFrom(date, -floorDays));
  return new Map([...newest].map(([category, date]) => [category, first(date)]));
}

export function bytesOf(files: Iterable<Pick<DataFile, "bytes">>): number {
  let total = 0;
  for (const { bytes } of files) total += bytes;
  return total;
}

/** The date so many days later, or earlier. */
export function dayFrom(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
