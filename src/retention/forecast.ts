import type { RetentionPolicy } from "../config/retention.js";
import { CATEGORIES, type Category } from "../core/record.js";
import { type DataFile, daysBetween } from "./data-file.js";
import { deletionAge } from "./plan.js";
import type { Ratios } from "./ratios.js";

/** Growth is taken from so many full days before today. */
const LOOKED_BACK_DAYS = 7;
/** How far ahead is looked. */
const HORIZON_DAYS = 365;

/**
 * Bytes of a day before compression, by category: the mean of the last full days, counted from the first of them on which there is
 * anything. Of compressed files the plain size is reckoned by the ratio.
 */
export function dailyBytes(
  files: readonly DataFile[],
  today: string,
  ratios: Ratios,
): Readonly<Record<Category, number>> {
  const sums: Record<Category, number> = { raw: 0, summary: 0, training: 0, tagged: 0 };
  const ages = new Map<string, number>();
  let oldest = 0;
  for (const { date, category, bytes, compressed, path } of files) {
    let age = ages.get(date);
    if (age === undefined) {
      age = daysBetween(date, today);
      ages.set(date, age);
    }
    if (age < 1 || age > LOOKED_BACK_DAYS) continue;
    oldest = Math.max(oldest, age);
    // An .npz file is compressed from its beginning: its plain size is none that ever lies on the disk.
    const grows = compressed && !path.endsWith(".npz");
    sums[category] += grows ? bytes / Math.max(0.01, ratios[category]) : bytes;
  }
  const days = Math.max(1, oldest);
  for (const category of CATEGORIES) sums[category] /= days;
  return sums;
}

export interface Forecast {
  readonly files: readonly DataFile[];
  readonly today: string;
  readonly policy: RetentionPolicy;
  readonly ratios: Ratios;
  readonly daily: Readonly<Record<Category, number>>;
  readonly freeBytes: number;
}

/** On which day from now the disk is full if logs go on as they do and nothing else changes; undefined: not within a year. */
export function daysUntilFull(forecast: Forecast): number | undefined {
  const { files, freeBytes, daily } = forecast;
  let now = 0;
  for (const { bytes } of files) now += bytes;
  const growth = CATEGORIES.reduce((sum, category) => sum + daily[category], 0);
  if (growth === 0) return undefined;
  const stays = bytesAhead(forecast);
  let added = 0;
  for (let day = 1; day <= HORIZON_DAYS; day++) {
    // The segments of one more day, and what becomes of those that came before them.
    for (const category of CATEGORIES) added += daily[category] * shareAfter(category, 0, forecast);
    for (let age = 1; age < day; age++) {
      for (const category of CATEGORIES) {
        added +=
          daily[category] * (shareAfter(category, age, forecast) - shareAfter(category, age - 1, forecast));
      }
    }
    if ((stays[day] ?? 0) + added > now + freeBytes) return day;
  }
  return undefined;
}

/** Of a plain byte, what is left at an age in days. */
function shareAfter(category: Category, age: number, { policy, ratios }: Forecast): number {
  const deletes = deletionAge({ category, ownDays: undefined }, policy);
  if (deletes !== undefined && age >= deletes) return 0;
  const { compress } = policy[category];
  return compress !== undefined && age >= compress ? ratios[category] : 1;
}

/** Bytes that are left of today's files, by days from now. */
function bytesAhead({ files, today, policy, ratios }: Forecast): number[] {
  const changes = new Array<number>(HORIZON_DAYS + 2).fill(0);
  const change = (day: number, bytes: number) => {
    if (day <= HORIZON_DAYS) changes[Math.max(0, day)]! += bytes;
  };
  for (const file of files) {
    const age = daysBetween(file.date, today);
    const { compress } = policy[file.category];
    const deletes = deletionAge(file, policy);
    const isPacked =
      !file.compressed && compress !== undefined && (deletes === undefined || compress < deletes);
    const packed = isPacked ? file.bytes * ratios[file.category] : file.bytes;
    change(0, file.bytes);
    if (isPacked) change(compress - age, packed - file.bytes);
    if (deletes !== undefined) change(deletes - age, -packed);
  }
  let sum = 0;
  return changes.map((each) => {
    sum += each;
    return sum;
  });
}
