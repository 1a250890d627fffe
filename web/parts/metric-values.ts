/** A line of Prometheus' text format: name, labels, value. */
const SAMPLE = /^([\w:]+)(?:\{.*\})? (\S+)/;
const SHOWN = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });

/** What a metric says as one number, all its series together: the mean of a histogram, the mean of gauges, the sum of counters. */
export function readMetrics(text: string): ReadonlyMap<string, string> {
  const sums = new Map<string, { sum: number; series: number }>();
  const kinds: [string, string][] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("# TYPE ")) kinds.push(line.slice(7).split(" ") as [string, string]);
    const [, name, value] = SAMPLE.exec(line) ?? [];
    if (name === undefined) continue;
    const { sum, series } = sums.get(name) ?? { sum: 0, series: 0 };
    sums.set(name, { sum: sum + Number(value), series: series + 1 });
  }
  const numberOf = (name: string) => sums.get(name) ?? { sum: 0, series: 0 };
  return new Map(
    kinds.map(([name, kind]) => {
      if (kind === "histogram")
        return [name, meanText(numberOf(`${name}_sum`).sum, numberOf(`${name}_count`).sum)];
      const { sum, series } = numberOf(name);
      return [name, kind === "gauge" ? meanText(sum, series) : SHOWN.format(sum)];
    }),
  );
}

function meanText(sum: number, count: number): string {
  return count === 0 ? "none yet" : `${count > 1 ? "mean " : ""}${SHOWN.format(sum / count)}`;
}
