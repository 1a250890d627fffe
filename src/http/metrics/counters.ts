import { Counter, type Registry } from "prom-client";
import { COUNTERS, type CounterName } from "../../telemetry/counters.js";
import type { Telemetry } from "../../telemetry/telemetry.js";

export const PREFIX = "log_sidecar_";

/** The counters of the telemetry, and the lines by rule. */
export function addCounters(registry: Registry, { counters, matches }: Telemetry): void {
  for (const [name, { help, labels }] of Object.entries(COUNTERS)) {
    const values = () => counters.values(name as CounterName);
    addCounter(registry, { name, help, labels, values });
  }
  addCounter(registry, {
    name: "rule_matches_total",
    help: "Lines that a rule took or tagged, by rule.",
    labels: ["rule"],
    values: () => matches.totals(),
  });
}

interface CounterSource {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** By label; two labels as `first/second`. */
  readonly values: () => ReadonlyMap<string, number>;
}

/** What is counted elsewhere is brought over at each scrape. */
function addCounter(registry: Registry, { name, help, labels, values }: CounterSource): void {
  new Counter({
    name: `${PREFIX}${name}`,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      this.reset();
      for (const [label, value] of values()) this.inc(labelsOf(labels, label), value);
    },
  });
}

/** The last label has no slash in it. */
function labelsOf([first, second]: readonly string[], label: string): Record<string, string> {
  if (first === undefined) return {};
  if (second === undefined) return { [first]: label };
  const at = label.lastIndexOf("/");
  return { [first]: label.slice(0, at), [second]: label.slice(at + 1) };
}
