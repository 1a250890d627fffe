import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type Packer, type Packing, type PackJob, PackRefused } from "./packer.js";
import type { Answer } from "./worker.js";

const MOST_THREADS = 4;

/** As many as leave a core to what collects. */
export function threadsBeside(): number {
  return Math.max(1, Math.min(MOST_THREADS, availableParallelism() - 1));
}

/**
 * Compresses in threads of their own, begun when they are needed, so that collecting is not held up by it. `width` jobs run at once
 * at most: whoever calls more often than that makes them wait.
 */
export class WorkerPacker implements Packer {
  readonly width: number;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  readonly #stop: AbortSignal | undefined;
  readonly #letGo = () => {
    for (const worker of this.#all) worker.unref();
  };
  #turn: Promise<unknown>[] = [];

  /** `stop` lets the process end while a thread is at work: half a compressed file is removed by the next run. */
  constructor(width = threadsBeside(), stop?: AbortSignal) {
    this.width = width;
    this.#stop = stop;
    stop?.addEventListener("abort", this.#letGo);
  }

  async pack(job: PackJob): Promise<Packing> {
    while (this.#turn.length >= this.width) await Promise.race(this.#turn);
    const done = this.#packNow(job);
    const ended = done.then(
      () => undefined,
      () => undefined,
    );
    this.#turn.push(ended);
    try {
      return await done;
    } finally {
      this.#turn = this.#turn.filter((each) => each !== ended);
    }
  }

  async close(): Promise<void> {
    // The signal outlives each run.
    this.#stop?.removeEventListener("abort", this.#letGo);
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
    this.#all.clear();
    this.#idle.length = 0;
  }

  async #packNow(job: PackJob): Promise<Packing> {
    const worker = this.#idle.pop() ?? this.#begin();
    // `once` rejects when the thread itself breaks.
    const answered = once(worker, "message") as Promise<[Answer]>;
    worker.postMessage(job);
    const [answer] = await answered;
    this.#idle.push(worker);
    if ("packing" in answer) return answer.packing;
    const { text, code, refused } = answer.failed;
    throw refused ? new PackRefused(text) : Object.assign(new Error(text), { code });
  }

  #begin(): Worker {
    const worker = new Worker(new URL("./worker.js", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    });
    worker.once("exit", () => this.#all.delete(worker));
    worker.on("error", () => this.#all.delete(worker));
    this.#all.add(worker);
    return worker;
  }
}
