import type { RetentionPolicy } from "../config/retention.js";
import type { Category } from "../core/record.js";
import type { DataFile } from "./data-file.js";
import type { DiskSpace } from "./disk-space.js";
import { dailyBytes, daysUntilFull } from "./forecast.js";
import { planRetention, type Step } from "./plan.js";
import { type Ratios, ratiosOf } from "./ratios.js";
import type { Retention } from "./retention.js";
import { bytesOf } from "./sacrifice.js";
import type { Snapshot } from "./snapshot.js";

/** What a category takes. Bytes as they lie on the disk. */
export interface CategoryStorage {
  readonly files: number;
  readonly bytes: number;
  readonly compressed: { readonly files: number; readonly bytes: number };
  readonly archived: { readonly files: number; readonly bytes: number };
  /** Dates of the earliest and latest segment; null where there is none. */
  readonly oldest: string | null;
  readonly newest: string | null;
  /** Bytes of a day before compression, from the last full days. */
  readonly dailyBytes: number;
  /** Packed bytes of a plain byte, as measured here or as is usual. */
  readonly ratio: number;
}

/** How many files of a kind the next run treats. */
export type StepCounts = Readonly<Record<Step, { readonly files: number; readonly bytes: number }>>;

/** What `log-sidecar storage --json` prints. */
export interface StorageReport {
  readonly at: string;
  readonly today: string;
  readonly disk: DiskSpace;
  readonly files: number;
  readonly bytes: number;
  readonly openBytes: number;
  readonly categories: Readonly<Record<Category, CategoryStorage>>;
  /** What the next run of retention will do. */
  readonly next: StepCounts;
  /** With the growth of the last days and the policy; null: not within a year. */
  readonly daysUntilFull: number | null;
  /** Things in the folders of the categories that are not the sidecar's. */
  readonly leftAlone: readonly { readonly path: string; readonly why: string }[];
}

/** What is on the log volume, how it grows, and what retention will do next. */
export async function readStorage(retention: Retention, nowMs = Date.now()): Promise<StorageReport> {
  const snapshot = await retention.look(nowMs);
  const disk = await retention.space();
  return describeStorage({ snapshot, disk, policy: retention.policy, nowMs });
}

interface StorageParts {
  readonly snapshot: Snapshot;
  readonly disk: DiskSpace;
  readonly policy: RetentionPolicy;
  readonly nowMs: number;
}

function describeStorage({ snapshot, disk, policy, nowMs }: StorageParts): StorageReport {
  const { inventory, openPaths, index, today } = snapshot;
  const { files, leftAlone } = inventory;
  const ratios = ratiosOf(index.packed);
  const daily = dailyBytes(files, today, ratios);
  const category = (name: Category) => describeCategory(name, files, { daily, ratios });
  return {
    at: new Date(nowMs).toISOString(),
    today,
    disk,
    files: files.length,
    bytes: bytesOf(files),
    openBytes: bytesOf(files.filter(({ path }) => openPaths.has(path))),
    categories: {
      raw: category("raw"),
      summary: category("summary"),
      training: category("training"),
      tagged: category("tagged"),
    },
    next: countSteps(planRetention({ files, policy, today, openPaths })),
    daysUntilFull: daysUntilFull({ files, today, policy, ratios, daily, freeBytes: disk.freeBytes }) ?? null,
    leftAlone,
  };
}

function describeCategory(
  category: Category,
  all: readonly DataFile[],
  { daily, ratios }: { daily: Readonly<Record<Category, number>>; ratios: Ratios },
): CategoryStorage {
  const files = all.filter((file) => file.category === category);
  const compressed = files.filter((file) => file.compressed);
  const archived = files.filter((file) => file.archived);
  let oldest: string | null = null;
  let newest: string | null = null;
  for (const { date } of files) {
    if (oldest === null || date < oldest) oldest = date;
    if (newest === null || date > newest) newest = date;
  }
  return {
    files: files.length,
    bytes: bytesOf(files),
    compressed: { files: compressed.length, bytes: bytesOf(compressed) },
    archived: { files: archived.length, bytes: bytesOf(archived) },
    oldest,
    newest,
    dailyBytes: Math.round(daily[category]),
    ratio: ratios[category],
  };
}

/** Files and bytes of a plan by step. */
export function countSteps(work: Iterable<{ file: DataFile; steps: readonly Step[] }>): StepCounts {
  const counts = {
    compress: { files: 0, bytes: 0 },
    archive: { files: 0, bytes: 0 },
    delete: { files: 0, bytes: 0 },
    tidy: { files: 0, bytes: 0 },
  };
  for (const { file, steps } of work) {
    for (const step of steps) {
      counts[step].files += 1;
      counts[step].bytes += file.bytes;
    }
  }
  return counts;
}
