import { z } from "zod";
import type { CommitPart } from "../core/segment.js";

/** Why a line that was meant to be a sample is none. */
export const REFUSALS = {
  missing: "is missing",
  not_a_number: "is not a number",
  out_of_range: "is beyond the range of float32",
  wrong_length: "has another length than in the samples before it",
  not_a_label: "is a list or an object",
  unknown_class: "is none of the rule's classes",
} as const;

export interface Refusal {
  readonly why: keyof typeof REFUSALS;
  /** The feature, `label` or `weight`. */
  readonly field: string;
}

export interface RefusedLines extends Refusal {
  readonly lines: number;
}

const refusedSchema = z.record(
  z.string(),
  z.array(
    z.object({ why: z.enum(Object.keys(REFUSALS) as Refusal["why"][]), field: z.string(), lines: z.int() }),
  ),
);

/**
 * Lines of each dataset that were refused since its last sample. They are durable together with the positions; the next sample
 * takes them along into its staged file, in the same commit, and so each is told in one manifest.
 */
export class Refusals implements CommitPart {
  readonly name = "refusals";
  readonly #byDataset = new Map<string, RefusedCounts>();

  /** `restored` is what `snapshot` gave at the last commit. */
  constructor(restored?: unknown) {
    const parsed = refusedSchema.safeParse(restored);
    if (!parsed.success) return;
    for (const [dataset, lines] of Object.entries(parsed.data)) {
      for (const each of lines) this.add(dataset, each, each.lines);
    }
  }

  add(dataset: string, refusal: Refusal, lines = 1): void {
    const counts = this.#byDataset.get(dataset) ?? new RefusedCounts();
    this.#byDataset.set(dataset, counts);
    counts.add(refusal, lines);
  }

  /** What was refused and not taken yet; undefined, as mostly, when that is nothing. */
  take(dataset: string): RefusedLines[] | undefined {
    const counts = this.#byDataset.get(dataset);
    if (counts === undefined) return undefined;
    this.#byDataset.delete(dataset);
    return counts.list();
  }

  /** Whether something was refused and not taken yet. */
  waits(dataset: string): boolean {
    return this.#byDataset.has(dataset);
  }

  snapshot(): string {
    return JSON.stringify(
      Object.fromEntries([...this.#byDataset].map(([dataset, counts]) => [dataset, counts.list()])),
    );
  }
}

/** Sums of refused lines by reason and field. Their number is limited by the fields that rules name. */
export class RefusedCounts {
  readonly #counts = new Map<string, { why: Refusal["why"]; field: string; lines: number }>();

  add({ why, field }: Refusal, lines: number): void {
    const key = `${why} ${field}`;
    const counted = this.#counts.get(key);
    if (counted === undefined) this.#counts.set(key, { why, field, lines });
    else counted.lines += lines;
  }

  list(): RefusedLines[] {
    return [...this.#counts.values()].map((each) => ({ ...each }));
  }
}
