import { manifestOf } from "../core/segment.js";
import type { CheckpointBody, SegmentEntry, StagedEntry } from "./checkpoint.js";
import type { Disk } from "./disk.js";
import { parentOf } from "./folders.js";
import type { Intent } from "./journal.js";
import { pathOf } from "./names.js";
import { TEMPORARY_FOLDER } from "./places.js";

/** What brings the files back to a checkpoint. */
export interface RecoveryPlan {
  readonly cut: readonly { readonly path: string; readonly length: number; readonly surplus: number }[];
  readonly remove: readonly string[];
  readonly lost: readonly { readonly path: string; readonly why: string }[];
  /** What goes on. */
  readonly segments: readonly SegmentEntry[];
  readonly staged: readonly StagedEntry[];
}

/** The files whose size `planRecovery` needs. */
export function pathsToMeasure(body: CheckpointBody): string[] {
  return [...body.segments, ...body.staged].map((entry) => entry.path);
}

/**
 * Decides what happens to each file. Segments of the checkpoint are cut to their length. Files that were made after it are removed,
 * as the journal knows them; and so are finished files and manifests whose staged file is still there, because they may hold more than was
 * committed, or one of the two may be missing.
 * All other files are sealed, or not ours. `sizes` has undefined for files that are missing.
 */
export function planRecovery(
  body: CheckpointBody,
  intents: readonly Intent[],
  sizes: ReadonlyMap<string, number | undefined>,
): RecoveryPlan {
  const cut: { path: string; length: number; surplus: number }[] = [];
  const lost: { path: string; why: string }[] = [];
  const isWhole = ({ path, length }: SegmentEntry<unknown>): boolean => {
    const size = sizes.get(path);
    if (size === undefined) lost.push({ path, why: "is missing" });
    else if (size < length) lost.push({ path, why: `has ${size} of ${length} committed bytes` });
    else if (size > length) cut.push({ path, length, surplus: size - length });
    return size !== undefined && size >= length;
  };
  const segments = body.segments.filter(isWhole).filter((entry) => !entry.closed);
  const staged = body.staged.filter(isWhole);

  const known = new Set(pathsToMeasure(body));
  const remove = staged.flatMap((entry) => finishedPaths(pathOf(entry.spec, entry.part)));
  for (const intent of new Map(intents.map((each) => [each.path, each])).values()) {
    if (intent.first <= body.serial || known.has(intent.path)) continue;
    remove.push(intent.path);
    if (intent.finalPath !== undefined) remove.push(...finishedPaths(intent.finalPath));
  }
  return { cut, remove, lost, segments, staged };
}

/** Carries the plan out, durably. Can be broken off and done again at any point. */
export async function applyRecovery(disk: Disk, plan: RecoveryPlan): Promise<void> {
  for (const { path, length } of plan.cut) {
    const file = await disk.open(path);
    try {
      await file.truncate(length);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
  const temporary = (await disk.list(TEMPORARY_FOLDER)).map((name) => `${TEMPORARY_FOLDER}/${name}`);
  const folders = new Set<string>();
  for (const path of [...plan.remove, ...temporary]) {
    if ((await disk.size(path)) === undefined) continue;
    await disk.remove(path);
    folders.add(parentOf(path));
  }
  for (const folder of folders) await disk.syncFolder(folder);
}

function finishedPaths(finalPath: string): [finalPath: string, manifest: string] {
  return [finalPath, manifestOf(finalPath)];
}
