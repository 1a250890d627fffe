import { mkdir } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { SidecarError } from "../core/errors.js";
import { manifestOf } from "../core/segment.js";
import type { ExportManifest } from "./export-manifest.js";

export type Format = ExportManifest["format"];

/** A file to write, with its manifest. */
export interface Target {
  readonly path: string;
  readonly manifest: string;
  readonly part: "train" | "test" | undefined;
}

interface TargetsWanted {
  /** A file, or a folder that ends in `/`. */
  readonly out: string;
  /** Undefined for one file. */
  readonly share: number | undefined;
}

/** What `--out` and `--format` say together. */
export interface OutWanted {
  readonly out?: string;
  readonly format?: string;
}

/**
 * The file or folder to write. `--format` alone names it after the dataset or table, in the current folder; beside `--out` it is
 * the ending where the name has none.
 * @throws SidecarError SETTINGS_INVALID where neither is given, or the two contradict each other
 */
export function outPath(name: string, { out, format }: OutWanted): string {
  if (format === undefined) {
    if (out !== undefined) return out;
    throw new SidecarError("SETTINGS_INVALID", "export needs --out or --format", {
      remedy: `Name the file, \`--out ${name}.parquet\`, or its format alone, \`--format parquet\`.`,
    });
  }
  if (out === undefined) return `${name}.${format}`;
  if (out.endsWith(`.${format}`) || (isDatasetFolder(out) && format === "parquet")) return out;
  if (!isDatasetFolder(out) && extname(out) === "") return `${out}.${format}`;
  throw new SidecarError("SETTINGS_INVALID", `--out=${out} is no name for --format=${format}`, {
    remedy: `Leave one of them out: the ending of a file's name says the format.`,
  });
}

/** @throws SidecarError SETTINGS_INVALID */
export function formatOf(out: string): Format {
  if (isDatasetFolder(out)) return "parquet";
  const format = /\.(npz|pkl|parquet)$/.exec(out)?.[1];
  if (format !== undefined) return format as Format;
  throw new SidecarError(
    "SETTINGS_INVALID",
    `--out=${out}: expected a file name that ends in .npz, .parquet or .pkl, or a folder that ends in /`,
    {
      remedy: "Name the file .npz or .parquet, or .pkl where the rule says `format: pkl`.",
    },
  );
}

export function isDatasetFolder(out: string): boolean {
  return out.endsWith("/");
}

/** `set.npz`, or `set.train.npz` and `set.test.npz`. */
export function targetsOf({ out, share }: TargetsWanted): Target[] {
  const parts = share === undefined ? [undefined] : (["train", "test"] as const);
  return parts.map((part) => {
    if (isDatasetFolder(out)) return inFolder(out, part);
    const path = part === undefined ? out : out.replace(/\.(?=\w+$)/, `.${part}.`);
    return { path, manifest: manifestOf(path.replace(/\.parquet$/, ".npz")), part };
  });
}

/** The names that the Hugging Face tools look for first. Manifests stand outside data/, where they could be taken for data. */
function inFolder(out: string, part: Target["part"]): Target {
  const name = part ?? "train";
  return {
    path: join(out, "data", `${name}-00000-of-00001.parquet`),
    manifest: join(out, "manifests", `${name}.json`),
    part,
  };
}

export async function makeFolders(targets: readonly Target[]): Promise<void> {
  for (const { path, manifest } of targets) {
    await mkdir(dirname(path), { recursive: true });
    await mkdir(dirname(manifest), { recursive: true });
  }
}
