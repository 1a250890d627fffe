import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";

interface EngineOptions {
  /** `host`: containers and builds reach the host's network. `own`: a network namespace apart, so several engines don't meet. */
  readonly network: "host" | "own";
  /** Further flags for dockerd, for example `--live-restore`. */
  readonly flags?: readonly string[];
  /** Another engine than TEST_ENGINE says; see release/engine-program.mjs. */
  readonly engine?: "podman" | "own-podman";
}

/** A Docker Engine that belongs to the tests alone: they may stop it, kill it and start it again. */
export class EngineProcess {
  readonly #guardian: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  /** Everything of the engine is below this folder. */
  readonly folder: string;

  private constructor(folder: string, guardian: ChildProcessWithoutNullStreams, answers: Interface) {
    this.folder = folder;
    this.#guardian = guardian;
    this.#answers = answers[Symbol.asyncIterator]();
  }

  /** Starts one in a temporary folder. It ends with `close()`, or by itself when this process ends. */
  static async launch(options: EngineOptions): Promise<EngineProcess> {
    // Not os.tmpdir(): below the folder are unix sockets, whose paths may have no more than 107 bytes.
    const folder = await mkdtemp("/tmp/lsc-");
    const program = fileURLToPath(new URL("guardian.mjs", import.meta.url));
    const guardian = spawn(process.execPath, [program, folder, JSON.stringify(options.flags ?? [])], {
      detached: true,
      env: {
        ...process.env,
        ENGINE_OWN_NETWORK: options.network === "own" ? "1" : "0",
        ...(options.engine && { TEST_ENGINE: options.engine }),
      },
    });
    guardian.stderr.pipe(process.stderr, { end: false });
    const engine = new EngineProcess(folder, guardian, createInterface({ input: guardian.stdout }));
    try {
      await engine.start();
    } catch (error) {
      await engine.close();
      throw error;
    }
    return engine;
  }

  get socketPath(): string {
    return `${this.folder}/docker.sock`;
  }

  /** What `DOCKER_HOST` must be to reach it. */
  get host(): string {
    return `unix://${this.socketPath}`;
  }

  /** Starts it again after `stop` or `kill`; resolves when it answers. */
  start(): Promise<void> {
    return this.#command("start");
  }

  /** Starts another engine than before on the same data, as an upgrade does. */
  startOther(name: "26"): Promise<void> {
    return this.#command(`start ${name}`);
  }

  /** SIGTERM; the engine stops its containers (unless it runs with `--live-restore`). */
  stop(): Promise<void> {
    return this.#command("stop");
  }

  /** SIGKILL; containers run on without it until it is started again. */
  kill(): Promise<void> {
    return this.#command("kill");
  }

  /** What the engine wrote into its own log so far. */
  log(): Promise<string> {
    return readFile(`${this.folder}/engine.log`, "utf8");
  }

  /** Removes its containers, stops it and deletes the folder. */
  async close(): Promise<void> {
    if (this.#guardian.exitCode !== null) return;
    const exited = once(this.#guardian, "exit");
    this.#guardian.stdin.end();
    await exited;
  }

  async #command(command: string): Promise<void> {
    this.#guardian.stdin.write(`${command}\n`);
    const answer = await this.#answers.next();
    const text = answer.done === true ? "failed: its guardian ended" : answer.value;
    if (text !== "ok") throw new Error(`private engine, ${command}: ${text}`);
  }
}
