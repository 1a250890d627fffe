import { describe, expect, it } from "vitest";
import { namedContainer } from "../../src/core/container.js";
import type { MetricDeclaration } from "../../src/core/metric.js";
import { committed } from "../../src/telemetry/store-events.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { WatchedNow } from "../../src/telemetry/watched-now.js";
import { ask, makeParts, serverOf, type WorldOptions } from "./world.js";

async function scraper(options: WorldOptions = {}) {
  const telemetry = silentTelemetry();
  const server = serverOf(await makeParts({ telemetry, ...options }));
  const scrape = async (headers = {}) => (await ask(server, "/metrics", { headers })).body;
  return { telemetry, scrape };
}

describe("/metrics", () => {
  it("has what was counted, by the labels that it was counted by", async () => {
    const { telemetry, scrape } = await scraper();
    const { counters, reads } = telemetry;
    counters.add("records_written_total", 3, "raw");
    counters.add("retention_deleted_bytes_total", 90, "raw/schedule");
    const api = { ...namedContainer("id", "shop-api-1"), composeService: "api" };
    reads.add(
      { container: api, stdout: 5, stderr: 2, lastTs: "2026-01-31T12:00:00.000000000Z" },
      Date.parse("2026-01-31T12:00:02Z"),
    );
    committed(telemetry, 7, 1);
    const text = await scrape();
    for (const line of [
      'log_sidecar_records_written_total{category="raw"} 3',
      'log_sidecar_retention_deleted_bytes_total{category="raw",reason="schedule"} 90',
      'log_sidecar_lines_read_total{service="api",stream="stdout"} 5',
      'log_sidecar_lines_read_total{service="api",stream="stderr"} 2',
      'log_sidecar_read_lag_seconds{service="api"} 2',
      "log_sidecar_gaps_total 0",
      'log_sidecar_commit_seconds_bucket{le="0.005"} 0',
      'log_sidecar_commit_seconds_bucket{le="0.01"} 1',
      "log_sidecar_commit_seconds_count 1",
      "log_sidecar_buffer_bytes 7",
      "log_sidecar_disk_free_bytes 5000000000",
      "log_sidecar_config_last_reload_successful 1",
    ])
      expect(text).toContain(`${line}\n`);
    expect(text).toMatch(/^log_sidecar_build_info\{version="[^"]+",node="[^"]+"\} 1$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    // A second scrape counts nothing twice.
    expect(await scrape()).toContain('log_sidecar_records_written_total{category="raw"} 3\n');
  });

  it("has sizes and the forecast as soon as they are known, and does not wait for them", async () => {
    const { scrape } = await scraper();
    await expect
      .poll(scrape)
      .toContain('log_sidecar_category_size_bytes{category="tagged",state="archived"} 0\n');
    expect(await scrape()).toMatch(/^log_sidecar_days_until_full \+Inf$/m);
  });

  it("tells of the engine only where a source has one", async () => {
    const watching = new WatchedNow();
    watching.follow(namedContainer("a", "a"));
    const { scrape } = await scraper({ source: { watching } });
    expect(await scrape()).toMatch(/^log_sidecar_engine_up 0$/m);
    watching.list(new Set());
    expect(await scrape()).toMatch(/^log_sidecar_engine_up 1$/m);
    expect(await scrape()).toMatch(/^log_sidecar_containers_watched 1$/m);
    expect(await (await scraper()).scrape()).not.toMatch(/^log_sidecar_engine_up \d/m);
  });

  it("tells of NATS instead where lines come from there", async () => {
    const { scrape } = await scraper({ source: { watching: new WatchedNow("nats") } });
    const text = await scrape();
    expect(text).toMatch(/^log_sidecar_nats_up 0$/m);
    expect(text).not.toContain("log_sidecar_engine_up");
  });

  it("speaks OpenMetrics when that is asked for", async () => {
    const { scrape } = await scraper();
    const text = await scrape({ accept: "application/openmetrics-text;version=1.0.0,text/plain;q=0.5" });
    expect(text).toContain("# TYPE log_sidecar_gaps counter\nlog_sidecar_gaps_total 0\n");
    expect(text).not.toContain("\n\n");
    expect(text.endsWith("\n# EOF\n")).toBe(true);
  });
});

describe("metrics whose values come one by one", () => {
  const seconds: MetricDeclaration = {
    name: "onnx_inference_seconds",
    type: "histogram",
    help: "x",
    labelNames: ["model"],
    buckets: [0.1, 1],
  };

  it("go on over a reload, which declares them anew", async () => {
    const { telemetry, scrape } = await scraper();
    telemetry.metrics.record(seconds, 0.5, ["v1"]);
    telemetry.metrics.record({ ...seconds }, 0.05, ["v1"]);
    expect(await scrape()).toContain('onnx_inference_seconds_count{model="v1"} 2\n');
    telemetry.metrics.record({ ...seconds, type: "gauge" }, 3, ["v1"]);
    expect(await scrape()).toContain('onnx_inference_seconds{model="v1"} 3\n');
  });

  it("have so many series and no more: the rest share one, counted", async () => {
    const { telemetry, scrape } = await scraper();
    const counter: MetricDeclaration = { ...seconds, name: "orders_total", type: "counter" };
    telemetry.metrics.record(counter, 1, ["_other"]);
    for (let at = 1; at < 205; at++) telemetry.metrics.record(counter, 2, [`m${at}`]);
    const text = await scrape();
    expect(text.match(/^orders_total\{model="_other"\} .*$/gm)).toEqual(['orders_total{model="_other"} 11']);
    expect(text).toContain('log_sidecar_metric_samples_cut_total{metric="orders_total"} 5\n');
  });

  it("fill the buckets up to their bounds, and have them before any value where there are no labels", async () => {
    const { telemetry, scrape } = await scraper();
    for (const value of [0.1, 0.2, 5, -3]) telemetry.metrics.record(seconds, value, ["v1"]);
    const text = await scrape();
    const lines = text.split("\n").filter((line) => line.startsWith("onnx_inference_seconds"));
    expect(lines).toEqual([
      'onnx_inference_seconds_bucket{le="0.1",model="v1"} 2',
      'onnx_inference_seconds_bucket{le="1",model="v1"} 3',
      'onnx_inference_seconds_bucket{le="+Inf",model="v1"} 4',
      'onnx_inference_seconds_sum{model="v1"} 2.3',
      'onnx_inference_seconds_count{model="v1"} 4',
    ]);
    expect(text).toMatch(/^log_sidecar_commit_seconds_count \d+$/m);
  });

  it("cannot take the place of the sidecar's own, nor break a scrape", async () => {
    const { telemetry, scrape } = await scraper();
    telemetry.metrics.record({ ...seconds, name: "log_sidecar_gaps_total", type: "gauge" }, 9, ["x"]);
    telemetry.metrics.record({ ...seconds, name: "down_total", type: "counter" }, -1, ["x"]);
    telemetry.metrics.record(seconds, Number.NaN, ["x"]);
    const text = await scrape();
    expect(text).toContain("log_sidecar_gaps_total 0\n");
    expect(telemetry.counters.get("metric_samples_cut_total")).toBe(3);
  });
});
