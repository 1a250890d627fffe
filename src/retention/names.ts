import { CATEGORIES, type Category } from "../core/record.js";
import { ARCHIVE_FOLDER } from "../core/segment.js";

/** What a data file's place and name say of it. */
export interface NamedFile {
  readonly category: Category;
  /** Calendar date of what is in it: `2026-01-31`. */
  readonly date: string;
  /** Stands below archive/. */
  readonly archived: boolean;
  /** `.gz` stands behind its name. */
  readonly zipped: boolean;
}

/** Component, table, dataset or retention class, as core/names.ts makes them: never a link's `..`, a control character or half a letter. */
const PART = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._+@-]*$/u;
const SHARED = "_other";

const ENDINGS: Readonly<Record<Category, RegExp>> = {
  raw: /^(?:log|error)_(\d{4}-\d\d-\d\d)(?:\.\d{1,9})?\.jsonl(\.gz)?$/,
  summary: /_(\d{4}-\d\d-\d\d)(?:\.\d{1,9})?\.csv(\.gz)?$/,
  training: /_(\d{4}-\d\d-\d\d)_\d{1,9}\.(?:npz|pkl(\.gz)?)$/,
  tagged: /^events_(\d{4}-\d\d-\d\d)(?:\.\d{1,9})?\.jsonl(\.gz)?$/,
};

/** A folder of data files. */
export interface SeriesFolder {
  readonly category: Category;
  /** Its own name: component, table, dataset or retention class. */
  readonly part: string;
  readonly archived: boolean;
}

/** What a folder below the log folder is; undefined where no data files can be. */
export function parseFolder(folder: string): SeriesFolder | undefined {
  const parts = folder.split("/");
  const archived = parts[0] === ARCHIVE_FOLDER;
  const [category, part, ...rest] = archived ? parts.slice(1) : parts;
  if (part === undefined || rest.length > 0 || !PART.test(part)) return undefined;
  const known = CATEGORIES.find((each) => each === category);
  return known === undefined ? undefined : { category: known, part, archived };
}

/**
 * Reads a file's name; undefined for whatever the sidecar would not have called so: retention leaves it alone.
 * Strict, because what is recognised may be deleted some day.
 */
export function parseName({ category, part, archived }: SeriesFolder, name: string): NamedFile | undefined {
  const match = ENDINGS[category].exec(name);
  const date = match === null ? undefined : dateOf(match[1]!);
  if (match === null || date === undefined) return undefined;
  // Tables and datasets are called as their folder; those that share one keep names of their own.
  const isTheirs =
    match.index === 0 ||
    (match.index === part.length && name.startsWith(part)) ||
    (part === SHARED && PART.test(name.slice(0, match.index)));
  return isTheirs ? { category, date, archived, zipped: match[2] !== undefined } : undefined;
}

/** The path that a file has after it was moved to the archive. */
export function archivedPath(path: string): string {
  return `${ARCHIVE_FOLDER}/${path}`;
}

/** Days that tagged records of a folder are kept (`tagged/90d`); undefined: for ever. */
export function ownDays(part: string): number | undefined {
  const match = /^([1-9]\d{0,6})d$/.exec(part);
  return match === null ? undefined : Number(match[1]);
}

/** A volume has many files of few dates: the same date is the same string, which is hashed once. */
const dates = new Map<string, string | undefined>();
const MOST_DATES = 10_000;

/** The date that a text is; undefined where the calendar has none such. */
function dateOf(text: string): string | undefined {
  if (!dates.has(text)) {
    const ms = Date.parse(`${text}T00:00:00Z`);
    const is = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
    if (dates.size >= MOST_DATES) dates.clear();
    dates.set(text, is ? text : undefined);
  }
  return dates.get(text);
}
