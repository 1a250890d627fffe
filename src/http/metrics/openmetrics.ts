export const OPENMETRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/**
 * Prometheus' text as OpenMetrics 1.0: counters are described without `_total`, there are no empty lines, and the end is marked
 * (https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md).
 */
export function toOpenMetrics(text: string): string {
  const lines = text.split("\n").filter((line) => line !== "");
  const counters = new Set(lines.flatMap((line) => /^# TYPE (\S+) counter$/.exec(line)?.[1] ?? []));
  const told = lines.map((line) => {
    const [, start, name, rest] = /^(# (?:HELP|TYPE) )(\S+)( .*)$/.exec(line) ?? [];
    return name !== undefined && counters.has(name) ? `${start}${name.replace(/_total$/, "")}${rest}` : line;
  });
  return `${told.join("\n")}\n# EOF\n`;
}
