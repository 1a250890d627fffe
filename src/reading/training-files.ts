import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../core/errors.js";
import { SHARED_NAME, safeName } from "../core/names.js";
import { ARCHIVE_FOLDER } from "../core/segment.js";

/** A sealed training file as retention may have left it: active or in the archive, a pickle compressed or not. */
export interface TrainingFile {
  /** Below the log folder, as it was listed. */
  readonly path: string;
  readonly date: string;
  readonly number: number;
  readonly format: "npz" | "pkl";
}

const ROOTS = ["training", join(ARCHIVE_FOLDER, "training")];
const REST = /^_(\d{4}-\d\d-\d\d)_(\d{1,9})\.(npz|pkl)(\.gz)?$/;

/** The sealed files of a dataset, in the order of date and number. `dataset` is the rules' name for it, or its folder's. */
export async function listTrainingFiles(logDir: string, dataset: string): Promise<TrainingFile[]> {
  const found = new Map<string, TrainingFile>();
  const part = safeName(dataset);
  for (const root of ROOTS) {
    const folders = await namesIn(join(logDir, root));
    for (const [folder, stem] of [
      [part, part],
      [dataset, dataset],
      [SHARED_NAME, part],
    ] as const) {
      // Only what was listed: a name given by hand is no path.
      if (!folders.includes(folder)) continue;
      for (const name of await namesIn(join(logDir, root, folder))) {
        const [, date, number, format] =
          (name.startsWith(stem) ? REST.exec(name.slice(stem.length)) : null) ?? [];
        if (date === undefined) continue;
        const path = join(root, folder, name);
        // While retention works, a file and its successor can both be there for a moment.
        found.set(plainPath(path), { path, date, number: Number(number), format: format as "npz" | "pkl" });
      }
    }
  }
  return [...found.values()].sort((a, b) =>
    a.date === b.date ? a.number - b.number : a.date < b.date ? -1 : 1,
  );
}

/** Folders of the datasets that there are files of. */
export async function listDatasets(logDir: string): Promise<string[]> {
  const names = await Promise.all(ROOTS.map((root) => namesIn(join(logDir, root))));
  return [...new Set(names.flat())].sort();
}

/** Where a file is now: it may have been compressed or moved to the archive since it was listed. Undefined when it is gone. */
export async function locateTrainingFile(
  logDir: string,
  { path }: TrainingFile,
): Promise<string | undefined> {
  const plain = plainPath(path);
  const archived = join(ARCHIVE_FOLDER, plain);
  for (const each of [path, plain, `${plain}.gz`, archived, `${archived}.gz`]) {
    if (await isThere(join(logDir, each))) return each;
  }
  return undefined;
}

function plainPath(path: string): string {
  return path.replace(/^archive[/\\]/, "").replace(/\.gz$/, "");
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (cause) {
    if (systemCode(cause) !== "ENOENT") throw cause;
    return false;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return [];
    throw cause;
  }
}
