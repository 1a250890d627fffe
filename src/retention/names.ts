import { CATEGORIES, type Category } from "../core/record.js";

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

/** Where retention moves old files, under the path they had. */
export const ARCHIVE = "archive";

/** Component, table, dataset or retention class, as core/names.ts makes them: never a link's `..`, a control character or half a letter. */
const PART = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._+@-]*$/u;
const SHARED = "_other";

const ENDINGS: Readonly<Record<Category, RegExp>> = {
  raw: /^(?:log|error)_(\d{4}-\d\d-\d\d)(?:\.\d{1,9})?\.jsonl(\.gz)?$/,
  summary: /_(\d{4}-\d\d-\d\d)(?:\.\d{1,9})?\.csv(\.gz)?$/,
  training: /_(\d{4}-\d\d-\d\d)_\d{1,9}\.(?:npz|pkl(\.gz)?)$/,
  tagged: /^events_(\d{4}-\d\d-\d\d)(?:\.\d{1,9})?\.jsonl(\.gz)?$/,
};

/** The folder of a series: its category, its own name, and whether it stands in the archive; undefined where no data files can be. */
export function parseFolder(
  folder: string,
): { category: Category; part: string; archived: boolean } | undefined {
  const parts = folder.split("/");
  const archived = parts[0] === ARCHIVE;
  const [category, part, ...rest] = archived ? parts.slice(1) : parts;
  if (part === undefined || rest.length > 0 || !PART.test(part)) return undefined;
  const known = CATEGORIES.find((each) => each === category);
  return known === undefined ? undefined : { category: known, part, archived };
}

/**
 * Reads a path below the log folder; undefined for whatever the sidecar would not have called so: retention leaves it alone.
 * Strict, because what is recognised may be deleted some day.
 */
export function parsePath(folder: string, name: string): NamedFile | undefined {
  const place = parseFolder(folder);
  if (place === undefined) return undefined;
  const { category, part, archived } = place;
  const match = ENDINGS[category].exec(name);
  if (match === null || !isDate(match[1]!)) return undefined;
  const stem = name.slice(0, match.index);
  // Tables and datasets are called as their folder; those that share one keep names of their own.
  const isTheirs = match.index === 0 || stem === part || (part === SHARED && PART.test(stem));
  return isTheirs ? { category, date: match[1]!, archived, zipped: match[2] !== undefined } : undefined;
}

/** Name of the file that describes a training file, beside it: `<stem>.json`. */
export function manifestOf(name: string): string {
  return name.replace(/\.(?:npz|pkl|pkl\.gz)$/, ".json");
}

/** The path that a file has after it was moved to the archive. */
export function archivedPath(path: string): string {
  return `${ARCHIVE}/${path}`;
}

/** Days that tagged records of a folder are kept (`tagged/90d`); undefined: for ever. */
export function ownDays(part: string): number | undefined {
  const match = /^([1-9]\d{0,6})d$/.exec(part);
  return match === null ? undefined : Number(match[1]);
}

function isDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
