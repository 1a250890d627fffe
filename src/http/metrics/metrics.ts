import { Registry } from "prom-client";
import type { HttpParts } from "../parts.js";
import { addCounters } from "./counters.js";
import { addGauges } from "./gauges.js";
import { addProcess } from "./process.js";
import { SampledMetrics } from "./sampled.js";

/** Everything that is exported, for one scraper or several. */
export class Metrics {
  readonly #registry = new Registry();

  constructor(parts: HttpParts) {
    addCounters(this.#registry, parts.telemetry);
    addGauges(this.#registry, parts);
    addProcess(this.#registry);
    parts.telemetry.metrics.connect(new SampledMetrics(this.#registry, parts.telemetry));
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
