import type { Category } from "../core/record.js";
import { type Entry, mayHold, type Wanted } from "../reading/entries.js";
import { bySeries } from "../reading/newest.js";
import { isBefore, listSegments, type SegmentFile } from "../reading/segments.js";
import { type Finds, Found } from "./found.js";
import { ahead } from "./index/ahead.js";
import { requiredTokens } from "./index/required-tokens.js";
import { whereToLook } from "./index/where-to-look.js";
import type { Query } from "./query.js";
import { SegmentHits } from "./segment-hits.js";

export interface SearchRequest extends Wanted {
  readonly logDir: string;
  readonly categories: readonly Category[];
  readonly query: Query;
  /** Engine timestamps; both ends belong to it. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** The most that are found. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Told before each date; `share` of all dates that are behind, from 0 to 1. */
  readonly onDate?: ((date: string, share: number) => unknown) | undefined;
}

/** Tagged first: of a line that stands in both, what the rules say of it is worth more. */
const ORDER: readonly Category[] = ["tagged", "raw", "summary"];

/**
 * Stored records and rows that a query holds for, from the newest to the oldest: date by date, so that the first are there before the
 * last are looked for. Only reads, and takes the files as they are while the sidecar writes and retention moves them.
 * @throws what `signal` was aborted with
 */
export async function* search(request: SearchRequest): AsyncGenerator<Entry> {
  const days = await daysBack(request);
  let left = request.limit;
  for (const [index, day] of days.entries()) {
    if (left <= 0) return;
    request.onDate?.(day[0]!.date, index / days.length);
    const found = new Found(left, request.since);
    await lookThrough(request, day, found);
    for (const entry of found.take()) {
      yield entry;
      left -= 1;
    }
  }
}

/** What is looked through. */
export type LookRequest = Omit<SearchRequest, "limit" | "onDate">;

/** Shows all of a date's records and rows that the query holds for, but those that need not be looked at. */
export async function lookThrough(
  request: LookRequest,
  day: readonly SegmentFile[],
  found: Finds,
): Promise<void> {
  const tokens = requiredTokens(request.query.required);
  const hits = new SegmentHits({ ...request, wanted: request, until: request.until, found });
  for (const series of bySeries(day)) {
    const newestFirst = series.toReversed();
    const asked = { ...request, tokens };
    const answers = ahead(newestFirst, (segment) => whereToLook(request.logDir, segment, asked));
    for await (const [segment, ranges] of answers) {
      if (ranges?.length === 0) continue;
      if ((await hits.add(segment, ranges)) === "rest-is-old") break;
    }
  }
}

/** The segments that may hold something, date by date, the newest first; within a date tagged before raw. */
export async function daysBack({
  logDir,
  categories,
  since,
  until,
  ...wanted
}: LookRequest): Promise<SegmentFile[][]> {
  const days = new Map<string, SegmentFile[]>();
  for (const category of ORDER) {
    if (!categories.includes(category) || (category === "summary" && isOfRecords(wanted))) continue;
    for (const segment of await listSegments(logDir, category)) {
      const { date } = segment;
      if (!mayHold(segment, category, wanted) || isBefore(date, since) || isAfter(date, until)) continue;
      days.set(date, [...(days.get(date) ?? []), segment]);
    }
  }
  return [...days].sort(([a], [b]) => (a < b ? 1 : -1)).map(([, day]) => day);
}

/** Rows have neither component nor level. */
function isOfRecords({ component, level }: Wanted): boolean {
  return component !== undefined || level !== undefined;
}

/** Whether no time of the date can be so early: dates follow a time zone, times are UTC, so a day less is looked at. */
function isAfter(date: string, until: string | undefined): boolean {
  if (until === undefined) return false;
  const dayBefore = new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString();
  return dayBefore > until;
}
