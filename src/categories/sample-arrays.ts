import { timeToNs } from "../core/time.js";
import { float32Array, int64Array, type NpyArray } from "./formats/npy.js";
import { npyColumn } from "./formats/npy-column.js";
import { memberName } from "./formats/npz.js";
import { type Sample, type SampleSchema, uniqueNames } from "./sample.js";

const RESERVED = ["features", "label", "classes", "weight", "ts_ns"];

/**
 * Gathers samples by column: `features` float32 N x D, `label`, `classes` (K names, by number), `weight` float32, `ts_ns` int64
 * (nanoseconds since 1970), and the other named fields.
 */
export class SampleArrays {
  readonly #schema: SampleSchema;
  readonly #width: number;
  readonly #times: bigint[] = [];
  readonly #labels: unknown[] = [];
  readonly #weights: number[] = [];
  readonly #fields: unknown[][];
  #features = new Float32Array(1024);

  constructor(schema: SampleSchema) {
    this.#schema = schema;
    this.#width = (schema.widths ?? []).reduce((sum, width) => sum + width, 0);
    this.#fields = schema.fields.map(() => []);
  }

  add({ ts, features, label, weight, fields }: Sample): void {
    const start = this.#times.length * this.#width;
    this.#makeRoom(start + this.#width);
    for (let column = 0; column < this.#width; column += 1)
      this.#features[start + column] = Number(features[column]);
    this.#times.push(timeToNs(ts));
    this.#labels.push(label);
    if (weight !== null) this.#weights.push(weight);
    for (const [column, values] of this.#fields.entries()) values.push(fields[column]);
  }

  toMembers(): Map<string, NpyArray> {
    const { label, classes, weight, fields } = this.#schema;
    const count = this.#times.length;
    const members = new Map<string, NpyArray>();
    const features = this.#features.subarray(0, count * this.#width);
    members.set("features", float32Array(features, [count, this.#width]));
    if (label !== null) members.set("label", npyColumn(this.#labels));
    if (classes !== null) members.set("classes", npyColumn(classes));
    if (weight !== null) members.set("weight", float32Array(Float32Array.from(this.#weights), [count]));
    members.set("ts_ns", int64Array(this.#times));
    const names = uniqueNames(RESERVED, fields.map(memberName));
    for (const [column, values] of this.#fields.entries()) members.set(names[column]!, npyColumn(values));
    return members;
  }

  #makeRoom(length: number): void {
    if (length <= this.#features.length) return;
    const grown = new Float32Array(Math.max(length, this.#features.length * 2));
    grown.set(this.#features);
    this.#features = grown;
  }
}
