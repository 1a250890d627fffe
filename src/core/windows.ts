/** What a window's row can tell of a column's numbers; the order in which it does unless a rule says otherwise. */
export const AGGREGATES = ["count", "sum", "mean", "min", "max", "p50", "p95", "p99"] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** The share of the values that lies at or below a percentile; the other aggregates need no sketch. */
export const PERCENTILES: Readonly<Partial<Record<Aggregate, number>>> = { p50: 0.5, p95: 0.95, p99: 0.99 };

/** The names of what stands in a row for windows. */
export interface WindowNames {
  readonly by: readonly string[];
  readonly columns: readonly string[];
  readonly aggregates: readonly Aggregate[];
}

/** The header of a table with a row for each window and group. */
export function windowHeader({ by, columns, aggregates }: WindowNames): string[] {
  const values = columns.flatMap((column) => aggregates.map((aggregate) => `${column}_${aggregate}`));
  return ["window_start", "window_end", ...by, "count", ...values, "late"];
}
