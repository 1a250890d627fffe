import type { Category } from "../core/record.js";

/** A segment on the volume as retention sees it. Paths stand below the log folder. */
export interface DataFile {
  readonly path: string;
  readonly category: Category;
  /** Of what is in it, in the configured time zone. */
  readonly date: string;
  readonly archived: boolean;
  readonly compressed: boolean;
  readonly bytes: number;
  /** Tagged records with a duration of their own: the days they are kept. */
  readonly ownDays: number | undefined;
  /** Path of the file that describes it and goes wherever it goes. */
  readonly companion: string | undefined;
  /** Both this file and its compressed successor are there: a run was killed between the two. */
  readonly superseded: boolean;
}

/** Something in the folders of the categories that is not the sidecar's: never followed, never touched. */
export interface LeftAlone {
  readonly path: string;
  readonly why: string;
}

const DAY_MS = 86_400_000;

/** Whole days of the calendar from one date to another; summer time plays no part. */
export function daysBetween(date: string, today: string): number {
  return Math.round((dayMs(today) - dayMs(date)) / DAY_MS);
}

function dayMs(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}
