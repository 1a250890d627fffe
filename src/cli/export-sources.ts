import { join } from "node:path";
import type { JoinSource } from "../categories/joining/joined.js";
import { SidecarError } from "../core/errors.js";
import {
  listDatasets,
  listTrainingFiles,
  locateTrainingFile,
  type TrainingFile,
} from "../reading/training-files.js";

interface SourcesWanted {
  readonly logDir: string;
  readonly dataset: string;
  /** An engine timestamp. */
  readonly since: string | undefined;
  readonly format: "npz" | "pkl";
}

/**
 * The sealed files of a dataset that can hold samples since then.
 * @throws SidecarError EXPORT_FAILED when there is none, with what there is instead.
 */
export async function filesToJoin(wanted: SourcesWanted): Promise<TrainingFile[]> {
  const { logDir, dataset, since, format } = wanted;
  const all = await listTrainingFiles(logDir, dataset);
  const files = all.filter((file) => file.format === format && !isBefore(file.date, since));
  if (files.length > 0) return files;
  if (all.length > 0 && all.every((file) => file.format !== format)) {
    throw new SidecarError("EXPORT_FAILED", `The files of dataset ${dataset} are .${all[0]!.format}`, {
      remedy: `Give --out a name that ends in .${all[0]!.format}.`,
    });
  }
  const datasets = await listDatasets(logDir);
  const which = all.length > 0 ? "that is late enough" : `of dataset ${dataset} in ${logDir}`;
  throw new SidecarError("EXPORT_FAILED", `There is no sealed file ${which}`, {
    remedy:
      (datasets.length === 0 ? "There are no datasets yet. " : `There are: ${datasets.join(", ")}. `) +
      "Samples wait until there are enough of them, or until the sidecar stops.",
  });
}

/** Dates follow a time zone, times are UTC: a day more is looked at. */
function isBefore(date: string, since: string | undefined): boolean {
  if (since === undefined) return false;
  return new Date(Date.parse(`${date}T00:00:00Z`) + 2 * 86_400_000).toISOString() < since;
}

/** A file as joining wants it, wherever it is when its turn comes. */
export function sourceOf(logDir: string, file: TrainingFile): JoinSource {
  return { name: file.path, locate: () => locate(logDir, file) };
}

async function locate(logDir: string, file: TrainingFile): Promise<string> {
  const path = await locateTrainingFile(logDir, file);
  if (path !== undefined) return join(logDir, path);
  throw new SidecarError("EXPORT_FAILED", `${file.path} was removed meanwhile`, {
    remedy: "Start the export again.",
  });
}
