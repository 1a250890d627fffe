import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "./compose.js";
import { until } from "./sidecar.js";

/** A Prometheus of its own that scrapes one sidecar each second, with the alert rules that are shipped. */
export class PrometheusProcess {
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #address: string;

  private constructor(folder: string, child: ChildProcess, address: string) {
    this.#folder = folder;
    this.#child = child;
    this.#address = address;
  }

  static async start(target: string): Promise<PrometheusProcess> {
    const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
    const shipped = readFileSync(join(repository, "prometheus/prometheus.yml"), "utf8");
    const config = shipped
      .replace(/interval: 15s/g, "interval: 1s")
      .replace("/etc/prometheus/alerts.yml", join(folder, "alerts.yml"))
      .replace("log-sidecar:9600", target);
    writeFileSync(join(folder, "prometheus.yml"), config);
    cpSync(join(repository, "prometheus/alerts.yml"), join(folder, "alerts.yml"));
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      "prometheus",
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=${address}`,
        "--log.level=error",
      ],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    return new PrometheusProcess(folder, child, address);
  }

  /** How many series an expression gives now. Throws what Prometheus says where it can't be read. */
  async series(expression: string): Promise<number> {
    const answer = await fetch(
      `http://${this.#address}/api/v1/query?query=${encodeURIComponent(expression)}`,
    );
    const { status, error, data } = (await answer.json()) as {
      status: string;
      error?: string;
      data?: { resultType: string; result: unknown[] };
    };
    if (status !== "success") throw new Error(`${expression}: ${error}`);
    return data?.result.length ?? 0;
  }

  async ready(): Promise<void> {
    await until(
      "the sidecar was scraped twice",
      async () => (await this.series("rate(process_cpu_seconds_total[30s])")) > 0,
    );
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill("SIGKILL");
      await once(this.#child, "exit");
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
