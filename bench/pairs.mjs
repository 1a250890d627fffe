/** Figures of a machine that others use too mean little by themselves: things are measured in turns and compared pair by pair. */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs A and B in turns, A B A B, and gives all results.
 * @template T, U
 * @param {number} rounds
 * @param {() => Promise<T>} a
 * @param {() => Promise<U>} b
 * @returns {Promise<{a: T, b: U}[]>}
 */
export async function inTurns(rounds, a, b) {
  const pairs = [];
  for (let round = 0; round < rounds; round += 1) pairs.push({ a: await a(), b: await b() });
  return pairs;
}

/** Median of each side's figure, and of the ratios within the pairs. */
export function compare(pairs, figure) {
  return {
    a: median(pairs.map(({ a }) => a[figure])),
    b: median(pairs.map(({ b }) => b[figure])),
    ratio: median(pairs.map(({ a, b }) => a[figure] / b[figure])),
  };
}

const WARM_UP_MS = 300;
const ROUND_MS = 60;

/** CPU nanoseconds of this process that `work` takes for each of its items: the median of some rounds, after V8 has compiled it. */
export function nsEach(items, work, rounds = 7) {
  const start = performance.now();
  let calls = 0;
  for (; performance.now() - start < WARM_UP_MS; calls += 1) work();
  const repeat = Math.ceil((calls * ROUND_MS) / WARM_UP_MS);
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    for (let call = 0; call < repeat; call += 1) work();
    const { user, system } = process.cpuUsage(before);
    times.push(((user + system) * 1000) / items / repeat);
  }
  return median(times);
}

/** A table as lines of text; numbers stand to the right. */
export function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  "),
    )
    .join("\n");
}
