import { Gauge, type Registry } from "prom-client";
import { CATEGORIES } from "../../core/record.js";
import type { Watching } from "../../core/watching.js";
import { StorageWatch } from "../../retention/storage-watch.js";
import { VERSION } from "../../version.js";
import type { CommonParts, ForwarderParts, ForwardingNow, HttpParts } from "../parts.js";
import { PREFIX } from "./counters.js";

/** Of a sidecar that stores lines. */
export function addGauges(registry: Registry, parts: HttpParts): void {
  const { store, source, rules, ledger, forwarder } = parts;
  const gauge = gaugeMaker(registry);
  addCommon(registry, parts, source.watching);
  gauge(...upOf(source.watching));
  gauge("buffer_bytes", "Bytes in memory that wait to be written.", () => store.status().waitingBytes);
  gauge("buffer_limit_bytes", "Bytes at which reading pauses.", () => parts.settings.bufferLimit);
  gauge("store_up", "Whether the log folder can be written.", () =>
    Number(store.status().failing === undefined),
  );
  gauge("last_commit_timestamp_seconds", "When the last commit was done, in seconds since 1970.", () => {
    const { lastCommitMs } = store.status();
    return lastCommitMs === undefined ? undefined : lastCommitMs / 1000;
  });
  gauge("held_lines", "Lines that are held until the window of `dedupe` is over.", () =>
    ledger.entries().reduce((sum, [, { held }]) => sum + held, 0),
  );
  gauge("config_last_reload_successful", "Whether the rules in use are those of the folder.", () =>
    Number(rules.trouble === undefined),
  );
  addStorage(registry, parts);
  if (forwarder !== undefined) addForwarding(registry, forwarder);
}

/** Of one that forwards them, and stores nothing. */
export function addForwarderGauges(registry: Registry, parts: ForwarderParts): void {
  const { forwarder, engine } = parts;
  addCommon(registry, parts, engine);
  gaugeMaker(registry)(...upOf(engine));
  addForwarding(registry, forwarder);
}

function addForwarding(registry: Registry, forwarder: ForwardingNow): void {
  const gauge = gaugeMaker(registry);
  gauge(...upOf(forwarder.watching));
  gauge("forward_waiting_lines", "Lines in memory that the stream has not taken yet.", () =>
    forwarder.status.containers.reduce((sum, { waiting }) => sum + waiting, 0),
  );
  gauge("forward_last_sequence", "The stream's number of this host's newest message.", () => {
    const numbers = forwarder.status.containers.map(({ sequence = 0 }) => sequence);
    return numbers.length === 0 ? undefined : Math.max(...numbers);
  });
  gauge(
    "forward_last_publish_timestamp_seconds",
    "When the stream took a message last, in seconds since 1970.",
    () => {
      const { lastPublished } = forwarder.status;
      return lastPublished === undefined ? undefined : Date.parse(lastPublished) / 1000;
    },
  );
}

/** Whether those answer that lines come from. */
function upOf(watching: Watching | undefined): [name: string, help: string, value: () => number | undefined] {
  const up = () => watching && Number(watching.trouble === undefined);
  return watching?.of === "nats"
    ? ["nats_up", "Whether NATS answers, and takes or gives lines.", up]
    : ["engine_up", "Whether the Docker Engine answers.", up];
}

function addCommon(registry: Registry, { telemetry }: CommonParts, watching: Watching | undefined): void {
  gaugeMaker(registry)(
    "containers_watched",
    "Containers that are collected now.",
    () => watching?.containers.size,
  );
  new Gauge({
    name: `${PREFIX}build_info`,
    help: "Always 1; the version in the labels.",
    labelNames: ["version", "node"],
    registers: [registry],
  }).set({ version: VERSION, node: process.versions.node }, 1);
  new Gauge({
    name: `${PREFIX}read_lag_seconds`,
    help: "How old the line that was read last was then, by compose service (or container).",
    labelNames: ["service"],
    registers: [registry],
    collect() {
      for (const [service, seconds] of telemetry.reads.lagSeconds) this.set({ service }, seconds);
    },
  });
}

/** Adds a gauge without labels; undefined where there is no value now. */
function gaugeMaker(registry: Registry) {
  return (name: string, help: string, value: () => number | undefined): void => {
    const gauge: Gauge = new Gauge({
      name: `${PREFIX}${name}`,
      help,
      registers: [registry],
      collect() {
        const now = value();
        if (now === undefined) gauge.remove();
        else gauge.set(now);
      },
    });
  };
}

/** What lies on the volume. Looked at in the background: a scrape does not wait for it. */
function addStorage(registry: Registry, { upkeep, housekeeping }: HttpParts): void {
  const gauge = gaugeMaker(registry);
  const storage = new StorageWatch(() => upkeep.storage());
  storage.last();
  gauge(
    "disk_free_bytes",
    "Bytes that are free on the disk of the log folder.",
    () => housekeeping.disk.last?.freeBytes,
  );
  gauge("disk_size_bytes", "Size of the disk of the log folder.", () => housekeeping.disk.last?.sizeBytes);
  gauge(
    "days_until_full",
    "Days until the disk is full as the logs grow now; +Inf: not within a year.",
    () => {
      const report = storage.last();
      return report === undefined ? undefined : (report.daysUntilFull ?? Number.POSITIVE_INFINITY);
    },
  );
  new Gauge({
    name: `${PREFIX}category_size_bytes`,
    help: "Bytes on the disk, by category and state: where they were written (active), or in the archive (archived).",
    labelNames: ["category", "state"],
    registers: [registry],
    collect() {
      const report = storage.last();
      if (report === undefined) return;
      for (const category of CATEGORIES) {
        const { bytes, archived } = report.categories[category];
        this.set({ category, state: "active" }, bytes - archived.bytes);
        this.set({ category, state: "archived" }, archived.bytes);
      }
    },
  });
  new Gauge({
    name: `${PREFIX}category_daily_bytes`,
    help: "Bytes that a day brings before compression, by category, from the last full days.",
    labelNames: ["category"],
    registers: [registry],
    collect() {
      const report = storage.last();
      if (report === undefined) return;
      for (const category of CATEGORIES) this.set({ category }, report.categories[category].dailyBytes);
    },
  });
}
