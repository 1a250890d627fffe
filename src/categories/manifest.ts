import type { RuleMark } from "../core/decision.js";
import { VERSION } from "../version.js";
import type { NpyArray } from "./formats/npy.js";
import type { RefusedLines } from "./refusals.js";
import type { SampleSchema } from "./sample.js";
import type { SampleTally } from "./sample-tally.js";

/** What stands beside a training file, as `<dataset>_<date>_<n>.json`: see docs/OUTPUT.md. */
export interface Manifest {
  readonly manifest: 1;
  readonly dataset: string;
  /** The data file's name, without a folder. */
  readonly file: string;
  readonly format: "npz" | "pkl";
  readonly bytes: number;
  readonly sha256: string;
  readonly samples: number;
  /** Engine timestamps of the earliest and the latest sample; null where there is none. */
  readonly first: string | null;
  readonly last: string | null;
  /** Which columns of `features` a feature takes; null where that differs from sample to sample. */
  readonly features: readonly { readonly name: string; readonly columns: number | null }[];
  /** The arrays of an `.npz`. */
  readonly arrays?: readonly ArrayEntry[];
  /** The keys of each dict of a `.pkl`. */
  readonly keys?: readonly string[];
  /** Names of the classes by number, where the rule says them. */
  readonly classes?: readonly string[];
  /** Samples by label; null where there are too many different ones; absent without labels. */
  readonly labels?: Readonly<Record<string, number>> | null;
  readonly rules: readonly (RuleMark & { readonly samples: number })[];
  readonly containers: Readonly<Record<string, number>>;
  /** Lines that the rules meant for the dataset since the file before, and that are no samples. */
  readonly refused: { readonly lines: number; readonly reasons: readonly RefusedLines[] };
  readonly sidecar: string;
}

export interface ArrayEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Texts that were too long for the array and were cut. */
  readonly cut?: number;
}

interface ManifestParts {
  readonly schema: SampleSchema;
  readonly tally: SampleTally;
  readonly refused: readonly RefusedLines[];
  readonly file: string;
  readonly digest: { readonly bytes: number; readonly sha256: string };
  readonly content: Pick<Manifest, "arrays"> | Pick<Manifest, "keys">;
}

export function manifestText({ schema, tally, refused, file, digest, content }: ManifestParts): string {
  const { dataset, format, features, widths, classes, label } = schema;
  const manifest: Manifest = {
    manifest: 1,
    dataset,
    file,
    format,
    ...digest,
    samples: tally.samples,
    first: tally.first ?? null,
    last: tally.last ?? null,
    features: features.map((name, at) => ({ name, columns: widths?.[at] ?? null })),
    ...content,
    ...(classes === null ? {} : { classes }),
    ...(label === null ? {} : { labels: tally.labels.toJSON() }),
    rules: tally.rules,
    containers: tally.containers,
    refused: { lines: refused.reduce((sum, { lines }) => sum + lines, 0), reasons: refused },
    sidecar: VERSION,
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

export function arrayEntries(arrays: ReadonlyMap<string, NpyArray>): ArrayEntry[] {
  return [...arrays].map(([name, { descr, shape, cut = 0 }]) => ({
    name,
    dtype: descr,
    shape,
    ...(cut > 0 ? { cut } : {}),
  }));
}
