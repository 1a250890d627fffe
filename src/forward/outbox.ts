import type { LineBatch } from "../core/source.js";
import { printedLines } from "../sources/nats/numbers.js";
import type { NatsEvents } from "../telemetry/nats-events.js";
import { type Chain, joinBatches } from "./chain.js";
import type { Publisher } from "./publisher.js";

/** Text that goes into one message; compressed it is a fraction. */
const BATCH_BYTES = 256 * 1024;
/** A message follows another one of the container no sooner, unless there is much to send: what comes meanwhile goes with it. */
const LINGER_MS = 50;

interface OutboxOptions {
  readonly subject: string;
  readonly chain: Chain;
  readonly publisher: Publisher;
  readonly events: NatsEvents;
  /** The stream is not as this container's chain left it. */
  readonly onDiverged: () => void;
  /** The container is gone, and all of it is in the stream. */
  readonly onRemoved: () => void;
}

/** Sends the batches of one container, one message after another. What waits is little: the engine keeps the rest. */
export class Outbox {
  readonly #options: OutboxOptions;
  #waiting: LineBatch[] = [];
  #sending: Promise<void> | undefined;
  /** Resolves when more may come. */
  #room: PromiseWithResolver | undefined;
  /** What is held back is sent at once. */
  #hurry: () => void = () => undefined;
  #sentMs = 0;
  /** Lines as the apps printed them: taken by the stream, and not yet. */
  #published = 0;
  #unsent = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** How many lines it has, and the stream has of it. */
  get standing() {
    const { link } = this.#options.chain;
    return {
      published: this.#published,
      waiting: this.#unsent,
      ...(link !== undefined && { sequence: link.sequence }),
    };
  }

  /** Takes a batch; a promise means: wait for it before bringing more. */
  put(batch: LineBatch): Promise<void> | undefined {
    this.#unsent += sumOf(printedLines(batch.lines));
    const last = this.#waiting.at(-1);
    const joined = last && joinBatches(last, batch, BATCH_BYTES);
    if (joined === undefined) this.#waiting.push(batch);
    else this.#waiting[this.#waiting.length - 1] = joined;
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
    if (!this.#isFull) return undefined;
    this.#hurry();
    this.#room ??= withResolver();
    return this.#room.promise;
  }

  /** Resolves when nothing waits any more, or nothing will be sent. */
  async drained(): Promise<void> {
    await this.#sending;
  }

  /** Nobody waits for it any longer. */
  release(): void {
    this.#hurry();
    this.#room?.resolve();
    this.#room = undefined;
  }

  get #isFull(): boolean {
    const [first] = this.#waiting;
    return this.#waiting.length > 1 || (first !== undefined && first.bytes > BATCH_BYTES / 2);
  }

  /** Resolves after so long, or when there is enough to send. */
  async #linger(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
      this.#hurry = resolve;
    });
    clearTimeout(timer);
  }

  async #send(): Promise<void> {
    for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
      const restMs = LINGER_MS - (performance.now() - this.#sentMs);
      if (restMs > 0 && !this.#isFull) await this.#linger(restMs);
      this.#sentMs = performance.now();
      batch = this.#waiting.shift()!;
      if (!this.#isFull) this.release();
      if (!(await this.#sendBatch(batch))) {
        this.#waiting = [];
        this.release();
        return;
      }
    }
  }

  /** Whether all of it is in the stream. */
  async #sendBatch(batch: LineBatch): Promise<boolean> {
    const { chain, publisher, subject, events, onDiverged, onRemoved } = this.#options;
    for (const { message, batch: sent } of chain.encode(batch)) {
      const link = await publisher.publish(subject, message, chain.link);
      if (link === "diverged") onDiverged();
      if (link === undefined || link === "diverged") return false;
      chain.link = link;
      const lines = sumOf(printedLines(sent.lines));
      this.#published += lines;
      events.published(subject, lines, message.data.length);
    }
    this.#unsent -= sumOf(printedLines(batch.lines));
    if (batch.state === "removed") onRemoved();
    return true;
  }
}

function sumOf([stdout, stderr]: [number, number]): number {
  return stdout + stderr;
}

interface PromiseWithResolver {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function withResolver(): PromiseWithResolver {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((resolveIt) => {
    resolve = resolveIt;
  });
  return { promise, resolve };
}
