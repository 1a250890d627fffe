import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** A sidecar over a pipe, with a page. */
export class PagedSidecar {
  readonly logDir: string;
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(logDir: string, port: number, child: ChildProcess) {
    this.logDir = logDir;
    this.port = port;
    this.#child = child;
  }

  /** Resolves when it answers. */
  static async start(logDir: string, { port, env = {} }: { port?: number; env?: NodeJS.ProcessEnv } = {}) {
    const free = port ?? (await freePort());
    const child = spawn(process.execPath, [main, "run", "--source", "stdin", "--log-dir", logDir], {
      env: { ...process.env, SIDECAR_HTTP: `127.0.0.1:${free}`, ...env },
      stdio: ["pipe", "ignore", "ignore"],
    });
    const sidecar = new PagedSidecar(logDir, free, child);
    await sidecar.#answers();
    return sidecar;
  }

  get url(): string {
    return `http://localhost:${this.port}/`;
  }

  print(...lines: readonly (string | object)[]): void {
    const text = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
    this.#child.stdin?.write(text);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.stdin?.end();
    await once(this.#child, "exit");
  }

  /** Lines that are stored, by the sidecar's own account. */
  get read(): number {
    const status = JSON.parse(readFileSync(join(this.logDir, ".sidecar/status.json"), "utf8"));
    return status.containers[0]?.read ?? 0;
  }

  async #answers(): Promise<void> {
    for (let tries = 0; tries < 300; tries += 1) {
      const ok = await fetch(`${this.url}healthz`).then(
        (response) => response.ok,
        () => false,
      );
      if (ok) return;
      await sleep(100);
    }
    throw new Error("the sidecar does not answer");
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
