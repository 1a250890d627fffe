import { Registry } from "prom-client";
import type { CommonParts } from "../parts.js";
import { addCounters } from "./counters.js";
import { addProcess } from "./process.js";
import type { SampledMetrics } from "./sampled.js";

/** Adds how things stand at the moment of a scrape. */
export type AddGauges<Parts extends CommonParts> = (registry: Registry, parts: Parts) => void;

/** Everything that is exported, for one scraper or several. */
export class Metrics<Parts extends CommonParts> {
  readonly #registry = new Registry();

  constructor(parts: Parts, addGauges: AddGauges<Parts>, samples: SampledMetrics) {
    addCounters(this.#registry, parts.telemetry);
    addGauges(this.#registry, parts);
    addProcess(this.#registry);
    samples.exportBy(this.#registry);
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
