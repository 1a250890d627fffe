import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { requirement } from "../requirements.js";
import { repository } from "./compose.js";
import { connect, removeContainers, runContainer } from "./engine.js";
import { PrometheusProcess } from "./prometheus.js";
import { COLLECT, SidecarProcess } from "./sidecar.js";

/** One line of each kind that the shipped rules know, every half second. */
const LINES = [
  { component: "onnx_sentiment", event_type: "inference", confidence: 0.85, inference_time: 0.15, label: 1 },
  {
    component: "batch_processor",
    event_type: "batch_processing",
    batch_size: 64,
    processing_time: 1.5,
    success_count: 60,
    error_count: 4,
  },
  {
    component: "auth",
    event_type: "auth_failure",
    attempts: 7,
    user: "root",
    password: "not-a-secret-at-all",
  },
];
const PRINT = `while true; do ${LINES.map((line) => `echo '${JSON.stringify(line)}'`).join("; ")}; echo oops >&2; usleep 500000; done`;

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const dashboard = JSON.parse(
  readFileSync(join(repository, "grafana/dashboards/onnx-system-intelligence.json"), "utf8"),
) as {
  readonly panels: readonly Panel[];
};
const alerts = parse(readFileSync(join(repository, "prometheus/alerts.yml"), "utf8")).groups.flatMap(
  ({ rules }: { rules: { alert: string; expr: string }[] }) => rules,
) as { alert: string; expr: string }[];

const missing = (["engine", "prometheus"] as const).some((name) => requirement(name).missing);

describe.skipIf(missing)("a Prometheus that scrapes a running sidecar", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  let sidecar: SidecarProcess;
  let prometheus: PrometheusProcess;
  let target = "";

  beforeAll(async () => {
    const labels = { ...COLLECT, "com.docker.compose.service": "onnx" };
    made.push(await runContainer(docker, { name: "st-monitored", script: PRINT, labels }));
    sidecar = await SidecarProcess.start({ env: { SIDECAR_HTTP: "127.0.0.1:0" } });
    await sidecar.until("it says where it answers", () => {
      target = /"address":"http:\/\/([^"]+)"/.exec(sidecar.log)?.[1] ?? "";
      return target !== "";
    });
    prometheus = await PrometheusProcess.start(target);
    await prometheus.ready();
  });
  afterAll(async () => {
    await prometheus?.stop();
    await sidecar?.kill();
    await removeContainers(made);
    await rm(sidecar.logDir, { recursive: true, force: true });
  });

  it("has data for every expression of the dashboard", async () => {
    const expressions = dashboard.panels.flatMap(({ title, targets }) =>
      (targets ?? []).map(({ expr }) => ({ title, expr })),
    );
    expect(expressions.length).toBeGreaterThanOrEqual(40);
    for (const { title, expr } of expressions) {
      const asked = expr
        .replaceAll("$__rate_interval", "30s")
        .replaceAll("$__range", "30s")
        .replaceAll("$service", ".*");
      await expect
        .poll(() => prometheus.series(asked), { timeout: 20_000, message: `${title}: ${asked}` })
        .toBeGreaterThan(0);
    }
  });

  it("has data for every alert rule on the left of what it compares, and none is firing", async () => {
    expect(alerts.length).toBeGreaterThan(10);
    // This sidecar's lines come from an engine.
    const overNats = alerts.filter(({ expr }) => expr.includes("log_sidecar_nats_up"));
    expect(overNats.length).toBe(1);
    for (const { alert, expr } of alerts.filter((each) => !overNats.includes(each))) {
      const [, left = ""] = /^(.+) (?:==|>|<) [\d.]+$/.exec(expr) ?? [];
      await expect
        .poll(() => prometheus.series(left), { timeout: 20_000, message: alert })
        .toBeGreaterThan(0);
    }
    expect(await prometheus.series('ALERTS{alertstate="firing",alertname!="LogSidecarDiskFull"}')).toBe(0);
  });

  it("finds nothing wrong with rules and metrics but the one unit that people count in", async () => {
    const checked = execFileSync("promtool", ["check", "rules", join(repository, "prometheus/alerts.yml")], {
      encoding: "utf8",
    });
    expect(checked).toContain(`SUCCESS: ${alerts.length} rules found`);
    const text = await (await fetch(`http://${target}/metrics`)).text();
    expect(lint(text)).toEqual(['log_sidecar_days_until_full use base unit "seconds" instead of "days"']);
  });
});

/** What promtool complains about. */
function lint(metrics: string): string[] {
  try {
    execFileSync("promtool", ["check", "metrics"], {
      input: metrics,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
    });
    return [];
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`.split("\n").filter((line) => line !== "");
  }
}
