import type { Days, RetentionPolicy } from "../config/retention.js";
import { type DataFile, daysBetween } from "./data-file.js";

/** `tidy`: the file's compressed successor is whole, and the file itself goes. */
export type Step = "compress" | "archive" | "delete" | "tidy";

/** What is to be done with one file, in this order. */
export interface FileWork {
  readonly file: DataFile;
  readonly steps: readonly Step[];
}

export interface PlanRequest {
  readonly files: readonly DataFile[];
  readonly policy: RetentionPolicy;
  /** The date of now in the configured time zone: ages are days of the calendar. */
  readonly today: string;
  /** Segments that may still be written, cut or made again: never touched. */
  readonly openPaths: ReadonlySet<string>;
}

/** What the policy asks for today: deletions first, because they make room, then the others, oldest first. */
export function planRetention({ files, policy, today, openPaths }: PlanRequest): FileWork[] {
  const ages = new Map<string, number>();
  const ageOf = (date: string): number => {
    let age = ages.get(date);
    if (age === undefined) {
      age = daysBetween(date, today);
      ages.set(date, age);
    }
    return age;
  };
  const work: FileWork[] = [];
  for (const file of files) {
    const steps = stepsFor(file, ageOf(file.date), policy);
    if (steps.length > 0 && !openPaths.has(file.path)) work.push({ file, steps });
  }
  return work.sort(
    (a, b) => rankOf(a) - rankOf(b) || compare(a.file.date, b.file.date) || compare(a.file.path, b.file.path),
  );
}

/** How many files are due but open. */
export function countOpenDue({ files, policy, today, openPaths }: PlanRequest): number {
  const open = files.filter(({ path }) => openPaths.has(path));
  return open.filter((file) => stepsFor(file, daysBetween(file.date, today), policy).length > 0).length;
}

/** What is due for a file of that age in days, whatever was done with it before. */
export function stepsFor(file: DataFile, age: number, policy: RetentionPolicy): Step[] {
  const { compress, archive } = policy[file.category];
  if (isDue(age, deletionAge(file, policy))) return ["delete"];
  if (file.superseded) return ["tidy"];
  const steps: Step[] = [];
  if (!file.compressed && isDue(age, compress)) steps.push("compress");
  if (!file.archived && isDue(age, archive)) steps.push("archive");
  return steps;
}

/** The age in days at which a file is deleted; undefined: never. */
export function deletionAge(
  { category, ownDays }: Pick<DataFile, "category" | "ownDays">,
  policy: RetentionPolicy,
): Days {
  return category === "tagged" ? ownDays : policy[category].delete;
}

function isDue(age: number, days: Days): boolean {
  return days !== undefined && age >= days;
}

function rankOf({ steps }: FileWork): number {
  if (steps[0] === "delete" || steps[0] === "tidy") return 0;
  return steps.includes("compress") ? 2 : 1;
}

export function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Oldest first; those of one date in the order of their names. */
export function byAge(a: DataFile, b: DataFile): number {
  return compare(a.date, b.date) || compare(a.path, b.path);
}
