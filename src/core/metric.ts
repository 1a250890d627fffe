/** A metric whose values come one by one, as a rule or an event declares it. The same object for every value, so that it can be a key. */
export interface MetricDeclaration {
  /** As it is exported, in Prometheus' letters: `onnx_inference_seconds`. */
  readonly name: string;
  readonly type: "counter" | "histogram" | "gauge";
  /** The help line. */
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Upper bounds of a histogram, rising; the usual ones when left out. */
  readonly buckets?: readonly number[];
}

/** What the sidecar and Prometheus' own clients export: names that begin so are nobody else's. */
export const OWN_NAMES = /^(log_sidecar|process|nodejs|scrape|up$)/;

/** Where values of metrics go. Cheap, and never throws: what cannot be exported is counted. */
export interface MetricSink {
  /** `labels` are the values of `labelNames`, in their order. A counter takes no negative `value`. */
  record(metric: MetricDeclaration, value: number, labels: readonly string[]): void;
}
