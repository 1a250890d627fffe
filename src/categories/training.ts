import type { TrainingTarget } from "../core/decision.js";
import type { LogRecord } from "../core/record.js";
import type { Appender } from "../core/segment.js";
import { sampleRefused } from "../telemetry/category-events.js";
import type { WriterContext } from "./context.js";
import { type Placement, placeByName } from "./placement.js";
import { type ReadSample, SampleReader } from "./read-sample.js";
import { REFUSALS, type Refusal } from "./refusals.js";
import { originText, refusedLine, sampleLine, schemaLine } from "./sample.js";
import { TRAINING_FINISHERS } from "./training-files.js";

const DATES_KEPT = 4;

interface Staged {
  readonly appender: Appender;
  /** How many numbers each feature of the first sample has, which all later ones must have; null where that may differ. */
  readonly widths: readonly number[] | null;
}

interface Dataset extends Placement {
  readonly reader: SampleReader;
  readonly byDate: Map<string, Staged>;
  /** The container of the last sample, and the end of its line. */
  container: string;
  origin: string;
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
    const sample = dataset.reader.read(record);
    if ("why" in sample) return this.#refuse(target, sample);
    const staged = this.#stagedFor(sample, target, dataset);
    const differing = differingFeature(sample.widths, staged.widths);
    if (differing >= 0) {
      return this.#refuse(target, { why: "wrong_length", field: target.features[differing]?.name ?? "" });
    }
    const refused = this.#context.refusals.take(target.dataset);
    if (refused !== undefined) staged.appender.append(refusedLine(refused), 0);
    staged.appender.append(sampleLine(sample.values, originOf(record, target, dataset)), 1);
    return true;
  }

  folders(): string[] {
    return [...this.#folders];
  }

  #refuse({ dataset }: TrainingTarget, refusal: Refusal): false {
    this.#context.refusals.add(dataset, refusal);
    sampleRefused(this.#context.telemetry, dataset, `\`${refusal.field}\` ${REFUSALS[refusal.why]}`);
    return false;
  }

  #stagedFor({ values, widths }: ReadSample, target: TrainingTarget, dataset: Dataset): Staged {
    const date = this.#context.calendar.dateOf(values.ts);
    let staged = dataset.byDate.get(date);
    if (staged === undefined) {
      for (const oldest of dataset.byDate.keys()) {
        if (dataset.byDate.size < DATES_KEPT) break;
        dataset.byDate.delete(oldest);
      }
      staged = this.#stage(date, target, dataset, target.format === "npz" ? widths : null);
      dataset.byDate.set(date, staged);
    }
    return staged;
  }

  #stage(date: string, target: TrainingTarget, dataset: Dataset, widths: readonly number[] | null): Staged {
    const { folder, stem } = dataset;
    const header = schemaLine(target, widths);
    const extension = target.format === "npz" ? ".npz" : ".pkl";
    const spec = { category: "training", folder, stem, date, extension, header } as const;
    return { appender: this.#context.sink.staged(spec, TRAINING_FINISHERS[extension]), widths };
  }

  #datasetOf(target: TrainingTarget): Dataset {
    let dataset = this.#datasets.get(target);
    if (dataset === undefined) {
      const placement = placeByName("training", target.dataset, this.#context.names.dataset);
      const reader = new SampleReader(target);
      dataset = {
        ...placement,
        reader,
        byDate: new Map(),
        container: "",
        origin: originText("", target.rule),
      };
      this.#datasets.set(target, dataset);
      this.#folders.add(placement.folder);
    }
    return dataset;
  }
}

/** The feature whose length is not that of the first sample; -1 when all are alike. */
function differingFeature(widths: readonly number[], first: readonly number[] | null): number {
  return first === null ? -1 : widths.findIndex((width, at) => width !== first[at]);
}

function originOf({ container }: LogRecord, { rule }: TrainingTarget, dataset: Dataset): string {
  if (container.name !== dataset.container) {
    dataset.container = container.name;
    dataset.origin = originText(container.name, rule);
  }
  return dataset.origin;
}
