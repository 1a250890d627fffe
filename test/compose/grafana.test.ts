import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { COUNTERS } from "../../src/telemetry/counters.js";
import { WatchedNow } from "../../src/telemetry/watched-now.js";
import { ask, makeParts, serverOf } from "../http/world.js";

const text = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly datasource: { readonly uid: string };
  }[];
}

const dashboard = JSON.parse(text("grafana/dashboards/onnx-system-intelligence.json"));
const panels: readonly Panel[] = dashboard.panels;
const compose = parse(text("docker-compose.sidecar.yml")).services;

it("is a dashboard as Grafana's model has it: panels of known kinds on a grid of 24 columns that cover nothing twice", () => {
  expect(dashboard).toMatchObject({
    title: "ONNX System Intelligence",
    uid: "onnx-system-intelligence",
    schemaVersion: expect.any(Number),
  });
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const taken = new Set<string>();
  for (const { type, title, gridPos, targets } of panels) {
    expect(["row", "stat", "timeseries", "bargauge"]).toContain(type);
    expect(title).not.toBe("");
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect(taken.has(`${x},${y}`), title).toBe(false);
        taken.add(`${x},${y}`);
      }
    }
    const refs = (targets ?? []).map(({ refId }) => refId);
    expect(new Set(refs).size).toBe(refs.length);
    if (type !== "row") expect(refs.length).toBeGreaterThan(0);
  }
});

it("asks the data source that is provisioned", () => {
  const [source] = parse(text("grafana/provisioning/datasources/prometheus.yml")).datasources;
  expect(source.url).toBe("http://prometheus:9090");
  for (const { type, datasource, targets } of panels) {
    if (type === "row") continue;
    for (const uid of [datasource?.uid, ...(targets ?? []).map((target) => target.datasource.uid)])
      expect(uid).toBe(source.uid);
  }
  const [provider] = parse(text("grafana/provisioning/dashboards/log-sidecar.yml")).providers;
  const mounts: string[] = compose.grafana.volumes;
  expect(mounts).toContain(`./grafana/dashboards:${provider.options.path}:ro`);
  expect(compose.grafana.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(
    `${provider.options.path}/onnx-system-intelligence.json`,
  );
});

it("is beside a Prometheus that scrapes the sidecar where it listens, both only on wish and on loopback", () => {
  const [job] = parse(text("prometheus/prometheus.yml")).scrape_configs;
  expect(job.static_configs[0].targets).toEqual(["log-sidecar:9600"]);
  expect(compose.prometheus.profiles).toEqual(["monitoring"]);
  expect(compose.grafana.profiles).toEqual(["monitoring"]);
  expect(compose.grafana.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
  expect(compose.prometheus.ports).toBeUndefined();
});

it("asks for no metric of the sidecar's that is not exported", async () => {
  // Lines come from an engine, or from NATS.
  const sources = [{}, { watching: new WatchedNow("nats") }];
  const bodies = await Promise.all(
    sources.map(async (source) => (await ask(serverOf(await makeParts({ source })), "/metrics")).body),
  );
  const there = new Set([...bodies.join("\n").matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  for (const name of Object.keys(COUNTERS)) expect(there).toContain(`log_sidecar_${name}`);
  const asked = `${text("prometheus/alerts.yml")}${panels.flatMap(({ targets }) => targets?.map(({ expr }) => expr) ?? []).join("\n")}`;
  for (const [name] of asked.matchAll(/\blog_sidecar_[a-z_]+/g))
    expect(there).toContain(name.replace(/_(?:bucket|count|sum)$/, ""));
});
