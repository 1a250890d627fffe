import { z } from "zod";
import { type Aggregate, PERCENTILES } from "../../core/windows.js";
import { isNumericText } from "../formats/csv.js";
import { createSketch, restoreSketch, type Sketch, sketchText } from "./sketch.js";

const bins = z.array(z.int());
/** A sum that has grown past all doubles is kept by its name: JSON has no number for it. */
const sum = z.union([z.number(), z.enum(["Infinity", "-Infinity"])]);

/** A column as it stands in the checkpoint: 0 when it had no numbers; else count, sum, what the sum lacks, min, max, and the sketch. */
export const storedColumnSchema = z.union([
  z.literal(0),
  z.tuple([
    z.int(),
    sum,
    z.number(),
    z.number(),
    z.number(),
    z.union([z.literal(0), z.tuple([z.int(), bins, bins])]),
  ]),
]);

type StoredColumn = z.infer<typeof storedColumnSchema>;

/** The numbers that one column had in one window and group. */
export class ColumnNumbers {
  count = 0;
  #sum = 0;
  /** What `#sum` lost to rounding (Neumaier's summation): millions of values add up as exactly as a few. */
  #lost = 0;
  #min = Infinity;
  #max = -Infinity;
  readonly #sketch: Sketch | undefined;

  constructor(sketch: Sketch | undefined) {
    this.#sketch = sketch;
  }

  /** Takes a number, or text that is one (other shapes than JSON have no numbers); leaves out all else. */
  add(value: unknown): void {
    if (typeof value === "number") this.#addNumber(value);
    else if (typeof value === "string" && isNumericText(value)) this.#addNumber(Number(value));
  }

  #addNumber(value: number): void {
    if (!Number.isFinite(value)) return;
    this.count += 1;
    const next = this.#sum + value;
    this.#lost +=
      Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    this.#sum = next;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    this.#sketch?.accept(value);
  }

  /** Undefined where there is none: without numbers there is a count and a sum, both 0. */
  get(aggregate: Aggregate): number | undefined {
    if (aggregate === "count") return this.count;
    if (aggregate === "sum") return this.#total();
    if (this.count === 0) return undefined;
    switch (aggregate) {
      case "mean":
        return this.#total() / this.count;
      case "min":
        return this.#min;
      case "max":
        return this.#max;
      default:
        return this.#percentile(PERCENTILES[aggregate]!);
    }
  }

  /** JSON text of a `StoredColumn`. */
  text(): string {
    if (this.count === 0) return "0";
    const head = Number.isFinite(this.#sum) ? `${this.#sum},${this.#lost}` : `"${this.#sum}",0`;
    const sketch = this.#sketch === undefined ? "0" : sketchText(this.#sketch);
    return `[${this.count},${head},${this.#min},${this.#max},${sketch}]`;
  }

  static restore(stored: StoredColumn, hasSketch: boolean): ColumnNumbers {
    if (stored === 0) return emptyColumn(hasSketch);
    const [count, total, lost, min, max, sketch] = stored;
    const column = new ColumnNumbers(sketch === 0 ? undefined : restoreSketch(sketch));
    column.count = count;
    column.#sum = Number(total);
    column.#lost = lost;
    column.#min = min;
    column.#max = max;
    return column;
  }

  #total(): number {
    // Beyond the largest double there is nothing to correct, and what was lost is no number.
    return Number.isFinite(this.#sum) ? this.#sum + this.#lost : this.#sum;
  }

  /** No nearer than the sketch, but never outside of what there was: of one value, or many equal ones, it is exact. */
  #percentile(share: number): number | undefined {
    const value = this.#sketch?.getValueAtQuantile(share);
    return value === undefined ? undefined : Math.min(Math.max(value, this.#min), this.#max);
  }
}

/** The sketch is most of the cost, so it is there only where a percentile is wanted. */
export function emptyColumn(hasSketch: boolean): ColumnNumbers {
  return new ColumnNumbers(hasSketch ? createSketch() : undefined);
}
