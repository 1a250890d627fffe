import { SidecarError, systemCode } from "../../core/errors.js";
import { nsToTime } from "../../core/time.js";
import type { ArrayEntry } from "../manifest.js";
import { LabelCounts } from "../sample-tally.js";
import { outputOf, type Selection } from "./split.js";

/** One sealed file to join. */
export interface JoinSource {
  /** How it is called in messages. */
  readonly name: string;
  /** Where it is now, absolute: retention may move it meanwhile. */
  readonly locate: () => Promise<string>;
}

export interface JoinRequest {
  readonly sources: readonly JoinSource[];
  readonly selection: Selection;
  /** Paths to write: one, or two for a split. */
  readonly targets: readonly string[];
  /** From 0 to 1. */
  readonly onProgress: (share: number, text: string) => void;
}

/** What was written to one target. */
export interface JoinedOutput {
  readonly count: OutputCount;
  readonly bytes: number;
  readonly sha256: string;
  readonly content: { readonly arrays: readonly ArrayEntry[] } | { readonly keys: readonly string[] };
}

export interface Joined {
  readonly outputs: readonly JoinedOutput[];
  /** Files that samples were taken from, and how many. */
  readonly used: readonly { readonly source: JoinSource; readonly samples: number }[];
  readonly classes: readonly string[] | undefined;
  readonly hasLabels: boolean;
}

/** Counts the samples of one output. */
export class OutputCount {
  samples = 0;
  labels = new LabelCounts(null);
  #first: bigint | undefined;
  #last: bigint | undefined;

  add(ts: bigint): void {
    this.samples += 1;
    if (this.#first === undefined || ts < this.#first) this.#first = ts;
    if (this.#last === undefined || ts > this.#last) this.#last = ts;
  }

  /** Engine timestamps of the earliest and the latest sample. */
  get first(): string | null {
    return this.#first === undefined ? null : nsToTime(this.#first);
  }

  get last(): string | null {
    return this.#last === undefined ? null : nsToTime(this.#last);
  }
}

/** The output of each sample of a file, counted on the way. */
export function outputsOf(
  times: BigInt64Array,
  selection: Selection,
  counts: readonly OutputCount[],
): Int8Array {
  return Int8Array.from(times, (ts) => {
    const output = outputOf(ts, selection);
    counts[output]?.add(ts);
    return output;
  }) as Int8Array;
}

/** Opens a source and does something with it; what is wrong with the file is told with its name. */
export async function withSource<T>(source: JoinSource, work: (path: string) => Promise<T>): Promise<T> {
  try {
    try {
      return await work(await source.locate());
    } catch (cause) {
      if (systemCode(cause) !== "ENOENT") throw cause;
      // Moved between the two: it has another place now, or none.
      return await work(await source.locate());
    }
  } catch (cause) {
    throw broken(source, cause);
  }
}

/** What went wrong with a source, with its name. */
export function broken({ name }: JoinSource, cause: unknown): SidecarError {
  if (cause instanceof SidecarError) return cause;
  return new SidecarError("EXPORT_FAILED", `${name} cannot be read`, {
    cause,
    remedy: "The file is damaged or not the sidecar's: move it away to export the others.",
  });
}

/** Every sample is earlier than what was asked for. */
export function nothingSelected(): SidecarError {
  return new SidecarError("EXPORT_FAILED", "No sample is as late as that", {
    remedy: "Ask for an earlier time with --since. Samples that are not sealed yet are not exported.",
  });
}

type Named = Pick<JoinSource, "name">;

/** Two files that cannot stand in one. */
export function misfit(a: Named, b: Named, why: string): SidecarError {
  return new SidecarError("EXPORT_FAILED", `${a.name} and ${b.name} do not fit together: ${why}`, {
    remedy: "Export the later ones alone with --since, or give the rule's new form a dataset of its own.",
  });
}
