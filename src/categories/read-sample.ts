import type { NamedField, TrainingTarget } from "../core/decision.js";
import type { LogRecord } from "../core/record.js";
import { readExactly } from "./exact-values.js";
import { isNumericText } from "./formats/csv.js";
import type { Refusal } from "./refusals.js";
import type { SampleValues } from "./sample.js";

/** float32 takes numbers up to this one; beyond it there is only infinity. */
const FLOAT32_MAX = 3.4028234663852886e38;

/** A class by its number. */
const DIGITS = /^\d{1,9}$/;

/** A sample, with how many numbers each of its features has. */
export interface ReadSample {
  readonly values: SampleValues;
  readonly widths: readonly number[];
}

const readers = new WeakMap<TrainingTarget, SampleReader>();

/** Whether the record is a sample of the target by itself; its features may still have another length than those before it. */
export function isSample(record: LogRecord, target: TrainingTarget): boolean {
  const reader = readers.get(target) ?? new SampleReader(target);
  readers.set(target, reader);
  return !("why" in reader.read(record));
}

/** Reads samples of one target: made once for each, because what is read and in which order does not change. */
export class SampleReader {
  readonly #target: TrainingTarget;
  /** Features, fields, then label and weight if there are any. */
  readonly #reads: readonly NamedField[];
  /** By name as it stands, and in lower case where no other name is the same then. */
  readonly #classes: ReadonlyMap<string, number> | undefined;
  readonly #limit: number;

  constructor(target: TrainingTarget) {
    const { features, fields, label, weight, classes } = target;
    this.#target = target;
    this.#reads = [...features, ...fields, ...[label, weight].filter((field) => field !== undefined)];
    this.#classes = classes && numbersOf(classes);
    this.#limit = target.format === "npz" ? FLOAT32_MAX : Number.POSITIVE_INFINITY;
  }

  /** A refusal when the record cannot be learned from. Other named fields may be missing. */
  read(record: LogRecord): ReadSample | Refusal {
    const values = readExactly(record, this.#reads);
    const { features, fields, label, weight } = this.#target;
    const vector: (number | bigint)[] = [];
    const widths: number[] = [];
    for (const [at, { name }] of features.entries()) {
      const before = vector.length;
      const why = addNumbers(values[at], this.#limit, vector);
      if (why !== undefined) return { why, field: name };
      widths.push(vector.length - before);
    }
    if (vector.length === 0) return { why: "missing", field: features[0]?.name ?? "features" };
    const behind = features.length + fields.length;
    const labelRead = label === undefined ? null : this.#label(values[behind]);
    if (isRefusal(labelRead)) return labelRead;
    const weightRead = weight === undefined ? null : weightOf(values[behind + (label === undefined ? 0 : 1)]);
    if (isRefusal(weightRead)) return weightRead;
    const sample = {
      ts: record.ts,
      features: vector,
      label: labelRead,
      fields: values.slice(features.length, behind),
      weight: weightRead,
    };
    return { values: sample, widths };
  }

  /** A class may be said by its name or by its number; a name that looks like a number is a name. */
  #label(value: unknown): unknown {
    const { classes: names, format } = this.#target;
    if (value === undefined || value === null) return new Refused("missing", "label");
    if (this.#classes === undefined || names === undefined) {
      return format === "npz" && typeof value === "object" ? new Refused("not_a_label", "label") : value;
    }
    if (typeof value === "object") return new Refused("unknown_class", "label");
    const text = String(value);
    const named = this.#classes.get(text) ?? this.#classes.get(text.toLowerCase());
    const number = named ?? (DIGITS.test(text) ? Number(text) : undefined);
    const name = number === undefined ? undefined : names[number];
    if (name === undefined) return new Refused("unknown_class", "label");
    return format === "npz" ? number : name;
  }
}

/** Case is ignored as rules ignore it when they match, unless it is all that tells two classes apart. */
function numbersOf(classes: readonly string[]): Map<string, number> {
  const lower = classes.map((name) => name.toLowerCase());
  const byLower = lower.flatMap((name, at) =>
    lower.indexOf(name) === lower.lastIndexOf(name) ? [[name, at] as const] : [],
  );
  return new Map([...byLower, ...classes.map((name, at) => [name, at] as const)]);
}

/** A refusal where anything else may be a value too. */
class Refused implements Refusal {
  constructor(
    readonly why: Refusal["why"],
    readonly field: string,
  ) {}
}

function isRefusal(value: unknown): value is Refused {
  return value instanceof Refused;
}

function weightOf(value: unknown): number | Refused {
  if (value === undefined || value === null) return 1;
  const number = numberOf(value);
  if (number === undefined) return new Refused("not_a_number", "weight");
  return isWithin(number, FLOAT32_MAX) ? Number(number) : new Refused("out_of_range", "weight");
}

/** Adds a number, or a list of them, to the vector; gives why it cannot. */
function addNumbers(value: unknown, limit: number, vector: (number | bigint)[]): Refusal["why"] | undefined {
  if (value === undefined || value === null) return "missing";
  for (const item of Array.isArray(value) ? value : [value]) {
    const number = numberOf(item);
    if (number === undefined) return "not_a_number";
    if (!isWithin(number, limit)) return "out_of_range";
    vector.push(number);
  }
  return undefined;
}

/** Text that is a number counts as one, because logfmt and format strings know only text. */
function numberOf(value: unknown): number | bigint | undefined {
  const number = typeof value === "string" && isNumericText(value) ? Number(value) : value;
  if (typeof number !== "number" && typeof number !== "bigint") return undefined;
  return Number.isNaN(number) ? undefined : number;
}

function isWithin(number: number | bigint, limit: number): boolean {
  return number <= limit && number >= -limit;
}
