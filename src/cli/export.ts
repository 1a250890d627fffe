import { rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { joinNpz } from "../categories/joining/join-npz.js";
import { joinPkl } from "../categories/joining/join-pkl.js";
import type { Joined } from "../categories/joining/joined.js";
import { SidecarError } from "../core/errors.js";
import { timeToNs } from "../core/time.js";
import type { TrainingFile } from "../reading/training-files.js";
import { isForeign } from "../search/manifests.js";
import type { Console } from "./console.js";
import { type ExportManifest, exportManifest, summarize } from "./export-manifest.js";
import { brokenOff, refuseFolder, unwritable } from "./export-refusals.js";
import { filesToJoin, sourceOf } from "./export-sources.js";
import {
  type Format,
  formatOf,
  isDatasetFolder,
  makeFolders,
  type Target,
  targetsOf,
} from "./export-targets.js";
import { Progress } from "./progress.js";
import { WholeFiles } from "./whole-files.js";

export interface ExportOptions {
  readonly logDir: string;
  readonly dataset: string;
  /** Ends in `.npz`, `.pkl` or `.parquet`; or in `/`. */
  readonly out: string;
  /** Earlier samples are left out; an engine timestamp. */
  readonly since: string | undefined;
  /** The share of samples for training, from 0 to 1; undefined for one file. */
  readonly share: number | undefined;
  readonly json: boolean;
  /** Breaks the export off; nothing of it is left. */
  readonly stop: AbortSignal;
}

/**
 * `log-sidecar export training`: joins the sealed files of a dataset into one, or into one to train and one to test with, each with
 * its manifest. Returns 0.
 * @throws SidecarError SETTINGS_INVALID, EXPORT_FAILED
 */
export async function exportTraining(options: ExportOptions, { out, err }: Console): Promise<0> {
  const format = formatOf(options.out);
  const files = await filesToJoin({ ...options, format: format === "parquet" ? "npz" : format });
  const targets = targetsOf(options);
  for (const { path, manifest } of targets) {
    await refuseFolder(path);
    await refuseForeign(manifest);
  }
  const whole = new WholeFiles();
  const progress = new Progress(err);
  try {
    if (isDatasetFolder(options.out)) await makeFolders(targets);
    // Manifests get their names first, as those of sealed files do.
    const manifestPaths = targets.map(({ manifest }) => whole.begin(manifest));
    const paths = targets.map(({ path }) => whole.begin(path));
    const parts = { format, files, targets, paths, progress };
    const manifests = await (format === "parquet"
      ? writeParquet(options, parts)
      : writeJoined(options, parts));
    for (const [at, manifest] of manifests.entries())
      await writeFile(manifestPaths[at]!, `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: 0o640 });
    await whole.publish();
    progress.clear();
    out.write(
      options.json ? `${JSON.stringify(manifests)}\n` : reportText(options.dataset, targets, manifests),
    );
    return 0;
  } catch (cause) {
    progress.clear();
    await whole.remove();
    throw cause instanceof SidecarError ? cause : unwritable(options.out, cause);
  }
}

interface WriteParts extends JoinParts {
  readonly targets: readonly Target[];
}

async function writeJoined(options: ExportOptions, parts: WriteParts): Promise<ExportManifest[]> {
  return manifestsOf(options, { ...parts, joined: await joinFiles(options, parts) });
}

/** From a joined .npz file beside it, which is gone afterwards. Its manifest, but for what only the whole file tells, stands in the file too. */
async function writeParquet(options: ExportOptions, parts: WriteParts): Promise<ExportManifest[]> {
  const { paths, progress } = parts;
  const { npzToParquet } = await import("../categories/joining/npz-to-parquet.js");
  const scratch = paths.map((path) => `${path}.npz`);
  try {
    const joined = await joinFiles(options, { ...parts, format: "npz", paths: scratch });
    const written: ExportManifest[] = [];
    for (const [at, manifest] of (await manifestsOf(options, { ...parts, joined })).entries()) {
      const { bytes: _, sha256: __, arrays: ___, ...inside } = manifest;
      const { content, ...digest } = await npzToParquet({
        from: scratch[at]!,
        to: paths[at]!,
        metadata: { "log-sidecar": JSON.stringify(inside) },
        onProgress(share) {
          if (options.stop.aborted) throw brokenOff();
          progress.show(share, `writing ${manifest.file}`);
        },
      });
      written.push({ ...inside, ...digest, ...content });
    }
    return written;
  } finally {
    for (const path of scratch) await rm(path, { force: true });
  }
}

/** `set.json` may be there already and be something else. */
async function refuseForeign(path: string): Promise<void> {
  await refuseFolder(path);
  if (await isForeign(path)) {
    throw new SidecarError("EXPORT_FAILED", `${path} is there and is no manifest`, {
      remedy: "The export's manifest would take its place: choose another name for --out, or move it away.",
    });
  }
}

interface JoinParts {
  readonly format: Format;
  readonly files: readonly TrainingFile[];
  readonly paths: readonly string[];
  readonly progress: Progress;
}

function joinFiles(
  { logDir, since, share, stop }: ExportOptions,
  { format, files, paths, progress }: JoinParts,
): Promise<Joined> {
  const request = {
    sources: files.map((file) => sourceOf(logDir, file)),
    selection: { sinceNs: since === undefined ? undefined : timeToNs(since), share },
    targets: paths,
    onProgress(done: number, text: string): void {
      if (stop.aborted) throw brokenOff();
      progress.show(done, text);
    },
  };
  return format === "npz" ? joinNpz(request) : joinPkl(request);
}

async function manifestsOf(
  { logDir, dataset, since, share }: ExportOptions,
  {
    format,
    files,
    targets,
    joined,
  }: { format: Format; files: readonly TrainingFile[]; targets: readonly Target[]; joined: Joined },
): Promise<ExportManifest[]> {
  const used = new Set(joined.used.map(({ source }) => source.name));
  const sources = await summarize(
    logDir,
    files.filter(({ path }) => used.has(path)),
  );
  return joined.outputs.map((output, at) => {
    const { path, part } = targets[at]!;
    const split = part === undefined || share === undefined ? null : { part, share };
    return exportManifest({ dataset, file: basename(path), format, since, split, output, joined, sources });
  });
}

function reportText(
  dataset: string,
  targets: readonly Target[],
  manifests: readonly ExportManifest[],
): string {
  const samples = manifests.reduce((sum, manifest) => sum + manifest.samples, 0);
  const files = manifests[0]?.files.length ?? 0;
  const lines = manifests.map(({ samples: own, bytes, first, last }, at) => {
    const times = first === null ? "" : `, ${first} to ${last}`;
    return `${targets[at]!.path}: ${own} samples${times}, ${bytes} bytes`;
  });
  return [`${dataset}: ${samples} samples of ${files} ${files === 1 ? "file" : "files"}`, ...lines, ""].join(
    "\n",
  );
}
