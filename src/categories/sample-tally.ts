import type { RuleMark } from "../core/decision.js";
import { jsonText } from "./formats/json-text.js";
import type { Sample } from "./sample.js";

/** Labels may be measurements, each its own: beyond so many different ones they are not counted. */
const LABELS_COUNTED = 1000;

/** Counts what a training file holds, for its manifest. */
export class SampleTally {
  samples = 0;
  /** Engine timestamps; text order is time order. Undefined as long as there is no sample. */
  first: string | undefined;
  last: string | undefined;
  readonly labels: LabelCounts;
  readonly #containers = new Map<string, number>();
  readonly #rules = new Map<string, RuleMark & { samples: number }>();

  /** `classes`: names that stand for the numbers in the labels. */
  constructor(classes: readonly string[] | null = null) {
    this.labels = new LabelCounts(classes);
  }

  add({ ts, label, container, rule }: Sample): void {
    this.samples += 1;
    if (this.first === undefined || ts < this.first) this.first = ts;
    if (this.last === undefined || ts > this.last) this.last = ts;
    this.labels.add(label);
    this.#containers.set(container, (this.#containers.get(container) ?? 0) + 1);
    const key = `${rule.definition} ${rule.id}`;
    const counted = this.#rules.get(key);
    if (counted === undefined) this.#rules.set(key, { ...rule, samples: 1 });
    else counted.samples += 1;
  }

  get containers(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#containers);
  }

  get rules(): readonly (RuleMark & { readonly samples: number })[] {
    return [...this.#rules.values()];
  }
}

/** How often each label is there. */
export class LabelCounts {
  readonly #classes: readonly string[] | null;
  readonly #counts = new Map<string, number>();
  #isOver = false;

  constructor(classes: readonly string[] | null) {
    this.#classes = classes;
    for (const name of classes ?? []) this.#counts.set(name, 0);
  }

  add(label: unknown): void {
    if (this.#isOver) return;
    const name = this.#nameOf(label);
    const count = this.#counts.get(name) ?? 0;
    if (count === 0 && this.#counts.size >= LABELS_COUNTED && this.#classes === null) this.#isOver = true;
    else this.#counts.set(name, count + 1);
  }

  /** Null where there are too many different ones to count. */
  toJSON(): Readonly<Record<string, number>> | null {
    return this.#isOver ? null : Object.fromEntries(this.#counts);
  }

  #nameOf(label: unknown): string {
    if (typeof label === "string") return label;
    const isNumber = typeof label === "number" || typeof label === "bigint";
    return (isNumber ? this.#classes?.[Number(label)] : undefined) ?? jsonText(label);
  }
}
