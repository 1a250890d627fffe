import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Containers that are meant for the sidecar of a test; all others on the engine are left alone. */
export const COLLECT = { "log-sidecar.enable": "true" };

export interface SidecarSpec {
  /** Default: a new temporary folder. */
  readonly logDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends itself by SIGKILL there (see src/store/fault-points.ts), the `hit`-th time. */
  readonly fault?: { readonly point: string; readonly hit: number };
}

/** The sidecar as a process of its own, as the image runs it. */
export class SidecarProcess {
  readonly logDir: string;
  readonly #child: ChildProcess;
  #log = "";

  private constructor(logDir: string, child: ChildProcess) {
    this.logDir = logDir;
    this.#child = child;
    child.stderr?.on("data", (chunk) => {
      this.#log += chunk;
    });
  }

  static async start(spec: SidecarSpec = {}): Promise<SidecarProcess> {
    const logDir = spec.logDir ?? (await mkdtemp(join(tmpdir(), "sidecar-logs-")));
    const program = spec.fault === undefined ? "dist/main.js" : ".cache/faulty-sidecar.js";
    const fault = spec.fault && { FAULT_POINT: spec.fault.point, FAULT_HIT: String(spec.fault.hit) };
    const child = spawn(process.execPath, [join(root, program), "run"], {
      env: { ...process.env, SIDECAR_LOG_DIR: logDir, SIDECAR_SCOPE: "labelled", ...fault, ...spec.env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    return new SidecarProcess(logDir, child);
  }

  /** What it has said so far, one JSON object a line. */
  get log(): string {
    return this.#log;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Peak resident memory in bytes, while it runs. */
  async until(what: string, condition: () => Promise<boolean> | boolean, limitMs = 30_000): Promise<void> {
    await until(`${what}; the sidecar said:\n${this.#log.slice(-2000)}`, condition, limitMs);
  }

  /** SIGTERM, and its exit status. */
  async stop(): Promise<number | null> {
    if (this.running) {
      this.#child.kill("SIGTERM");
      await once(this.#child, "exit");
    }
    return this.#child.exitCode;
  }

  async kill(): Promise<void> {
    if (!this.running) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }

  async ended(): Promise<void> {
    if (this.running) await once(this.#child, "exit");
  }
}

/** Waits for something to become true. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  limitMs = 30_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  for (;;) {
    let cause: unknown;
    try {
      if (await condition()) return;
    } catch (error) {
      // Whoever reads while it is being written may see half a line, or a file that is just going.
      cause = error;
    }
    if (Date.now() > end) throw new Error(`still not so after ${limitMs / 1000} s: ${what}`, { cause });
    await sleep(50);
  }
}
