import { LogCollapsingLowestDenseDDSketch } from "@datadog/sketches-js";

/**
 * Percentiles of numbers of any size in bounded memory: DDSketch (Masson, Rim, Lee: "DDSketch", VLDB 2019). A percentile is within
 * 1 % of the value that stands at its place among the sorted values (pandas' `quantile(…, interpolation="lower")`). 2,048 bins
 * on each side of zero hold numbers 17 powers of ten apart; smaller ones beyond that count as the smallest of these.
 *
 * The library's own serialisation needs protobufjs, which it does not bring, and its `merge` leaves negative values out: neither is used.
 */
export type Sketch = LogCollapsingLowestDenseDDSketch;
type Bins = Sketch["store"];

const RELATIVE_ACCURACY = 0.01;
const BIN_LIMIT = 2048;

export function createSketch(): Sketch {
  return new LogCollapsingLowestDenseDDSketch({ relativeAccuracy: RELATIVE_ACCURACY, binLimit: BIN_LIMIT });
}

/** The first key and its count, then for each key that has values its distance from the key before and its count. */
export type StoredBins = readonly number[];
/** Number of zeros, bins of the positive values, bins of the negative ones. */
export type StoredSketch = readonly [zeros: number, positive: StoredBins, negative: StoredBins];

/** JSON text of a `StoredSketch`. */
export function sketchText({ zeroCount, store, negativeStore }: Sketch): string {
  return `[${zeroCount},[${binsText(store)}],[${binsText(negativeStore)}]]`;
}

function binsText({ bins, offset }: Bins): string {
  let text = "";
  let before = 0;
  for (let at = 0; at < bins.length; at++) {
    const count = bins[at]!;
    if (count === 0) continue;
    const key = at + offset;
    text += text === "" ? `${key},${count}` : `,${key - before},${count}`;
    before = key;
  }
  return text;
}

export function restoreSketch([zeros, positive, negative]: StoredSketch): Sketch {
  const sketch = createSketch();
  sketch.zeroCount = zeros;
  sketch.count = zeros + fill(sketch.store, positive) + fill(sketch.negativeStore, negative);
  return sketch;
}

/** Gives the number of values. */
function fill(bins: Bins, stored: StoredBins): number {
  let key = 0;
  for (let at = 0; at + 1 < stored.length; at += 2) {
    key += stored[at]!;
    bins.add(key, stored[at + 1]!);
  }
  return bins.count;
}
