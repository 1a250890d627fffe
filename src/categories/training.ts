import type { NamedField, TrainingTarget } from "../core/decision.js";
import type { LogRecord } from "../core/record.js";
import type { Appender } from "../core/segment.js";
import { sampleRefused } from "../telemetry/category-events.js";
import type { WriterContext } from "./context.js";
import { readExactly } from "./exact-values.js";
import { type Placement, placeByName } from "./placement.js";
import { featureVector, type Sample, sampleLine, schemaLine } from "./sample.js";
import { TRAINING_FINISHERS } from "./training-files.js";

/** float32 takes numbers up to this one; beyond it there is only infinity. */
const FLOAT32_MAX = 3.4028234663852886e38;
const DATES_KEPT = 4;

interface Staged {
  readonly appender: Appender;
  /** Length of the first sample's vector, which all later ones must have; null where lengths may differ. */
  readonly width: number | null;
}

interface Dataset extends Placement {
  /** Features, then fields, then the label if there is one. */
  readonly reads: readonly NamedField[];
  readonly byDate: Map<string, Staged>;
}

/** Stages samples for `training/<dataset>/<dataset>_<date>_<n>.npz` or `.pkl`. */
export class TrainingWriter {
  readonly #context: WriterContext;
  readonly #folders = new Set<string>();
  /** Targets live as long as the rules that made them. */
  readonly #datasets = new WeakMap<TrainingTarget, Dataset>();

  constructor(context: WriterContext) {
    this.#context = context;
  }

  /** False when the record is no sample: it was counted, and belongs into raw. */
  write(record: LogRecord, target: TrainingTarget): boolean {
    const dataset = this.#datasetOf(target);
    const sample = readSample(record, target, dataset);
    const staged = sample && this.#stagedFor(sample, target, dataset);
    if (sample === undefined || staged === undefined) {
      sampleRefused(this.#context.telemetry, target.dataset);
      return false;
    }
    staged.appender.append(sampleLine(sample), 1);
    return true;
  }

  folders(): string[] {
    return [...this.#folders];
  }

  /** Where the sample goes; undefined when its vector has another length than the samples before it. */
  #stagedFor({ ts, features }: Sample, target: TrainingTarget, dataset: Dataset): Staged | undefined {
    const date = this.#context.calendar.dateOf(ts);
    let staged = dataset.byDate.get(date);
    if (staged === undefined) {
      for (const oldest of dataset.byDate.keys()) {
        if (dataset.byDate.size < DATES_KEPT) break;
        dataset.byDate.delete(oldest);
      }
      staged = this.#stage(date, target, dataset, target.format === "npz" ? features.length : null);
      dataset.byDate.set(date, staged);
    }
    return staged.width === null || staged.width === features.length ? staged : undefined;
  }

  #stage(date: string, target: TrainingTarget, dataset: Dataset, width: number | null): Staged {
    const { folder, stem } = dataset;
    const header = schemaLine(target, width);
    const extension = target.format === "npz" ? ".npz" : ".pkl";
    const spec = { category: "training", folder, stem, date, extension, header } as const;
    return { appender: this.#context.sink.staged(spec, TRAINING_FINISHERS[extension]), width };
  }

  #datasetOf(target: TrainingTarget): Dataset {
    let dataset = this.#datasets.get(target);
    if (dataset === undefined) {
      const placement = placeByName("training", target.dataset, this.#context.names.dataset);
      const label = target.label === undefined ? [] : [target.label];
      const reads = [...target.features, ...target.fields, ...label];
      dataset = { ...placement, reads, byDate: new Map() };
      this.#datasets.set(target, dataset);
      this.#folders.add(placement.folder);
    }
    return dataset;
  }
}

/** Undefined when a feature or the label is missing or cannot be learned from. Other named fields may be missing. */
function readSample(record: LogRecord, target: TrainingTarget, { reads }: Dataset): Sample | undefined {
  const values = readExactly(record, reads);
  const { features, fields, format } = target;
  const vector = featureVector(values.slice(0, features.length), format === "npz" ? FLOAT32_MAX : Infinity);
  if (vector === undefined) return undefined;
  const label = target.label === undefined ? null : (values.at(-1) ?? undefined);
  if (label === undefined || (format === "npz" && typeof label === "object" && label !== null))
    return undefined;
  return {
    ts: record.ts,
    features: vector,
    label,
    fields: values.slice(features.length, features.length + fields.length),
  };
}
