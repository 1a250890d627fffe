import { Worker } from "node:worker_threads";
import { builtFile } from "../../../core/wasm.js";
import {
  type Connection,
  type ConnectionEvents,
  dial,
  HEAD_TIMEOUT_MS,
  type Question,
} from "../connection.js";
import type { EngineAddress } from "../engine.js";
import type { AheadLimits, Asked, Brought } from "./port.js";

/**
 * What is read ahead of all containers together may take so much memory, and does only while this process gets no processor: one container that prints
 * 5 MB a second, and of which half of it may be, has some 12 s; …
 */
const LIMIT_BYTES = 128 * 1024 * 1024;
/** … where the process has little, such a part of it. */
const MEMORY_SHARE = 1 / 8;

/** One thread serves the whole process. */
let thread: AheadThread | undefined;

/**
 * Asks the engine for what a container prints from now on, and has a thread read it at once. The engine's socket holds some 170 messages. While this
 * process is busy, or waits for a processor, the engine could read the log no further than that, would fall behind, and pass over whole
 * files. Over TCP the kernel holds megabytes, so there, and where no thread can be had, the connection is read directly.
 */
export function dialAhead(address: EngineAddress, question: Question, events: ConnectionEvents): Connection {
  if (address.kind !== "socket") return dial(address, question, events);
  readyAhead(address);
  if (thread === undefined) return dial(address, question, events);
  return thread.open(address.path, question.request, events);
}

/** Starts the thread, should there be none: when the first container prints it is late for that. */
export function readyAhead({ kind }: EngineAddress): void {
  if (kind === "socket" && (thread === undefined || thread.hasFailed)) thread = startThread();
}

function startThread(): AheadThread | undefined {
  const program = builtFile("read-ahead.cjs");
  return program === undefined ? undefined : new AheadThread(program);
}

class AheadThread {
  hasFailed = false;
  readonly #worker: Worker;
  readonly #streams = new Map<number, AheadConnection>();
  #opened = 0;

  constructor(program: string) {
    const share = (process.constrainedMemory() || Number.POSITIVE_INFINITY) * MEMORY_SHARE;
    const limits: AheadLimits = {
      limitBytes: Math.min(LIMIT_BYTES, share),
      headTimeoutMs: HEAD_TIMEOUT_MS,
    };
    this.#worker = new Worker(program, {
      workerData: limits,
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    this.#worker.on("message", (brought: Brought) => {
      const stream = this.#streams.get(brought.id);
      if ("buffer" in brought) stream?.bring(brought);
      else stream?.end(brought.ended && Object.assign(new Error(brought.ended.message), brought.ended));
    });
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("the thread that reads ahead has ended")));
    // Behind the listeners, which would hold the process.
    this.#worker.unref();
  }

  open(path: string, request: string, events: ConnectionEvents): Connection {
    this.#opened += 1;
    const id = this.#opened;
    const stream = new AheadConnection(events, {
      taken: (buffer) => this.#ask({ taken: id, buffer }, [buffer]),
      close: () => this.#ask({ close: id }),
      forget: () => {
        this.#streams.delete(id);
        if (this.#streams.size === 0) this.#worker.unref();
      },
    });
    this.#streams.set(id, stream);
    this.#worker.ref();
    this.#ask({ open: id, path, request });
    return stream;
  }

  #ask(asked: Asked, transferred: ArrayBuffer[] = []): void {
    this.#worker.postMessage(asked, transferred);
  }

  #fail(error: unknown): void {
    this.hasFailed = true;
    for (const stream of [...this.#streams.values()]) stream.end(error as Error);
  }
}

type Chunk = Extract<Brought, { buffer: ArrayBuffer }>;

/** What a connection asks of the thread. */
interface AheadPort {
  taken(buffer: ArrayBuffer): void;
  close(): void;
  forget(): void;
}

class AheadConnection implements Connection {
  readonly #events: ConnectionEvents;
  readonly #port: AheadPort;
  readonly #waiting: Chunk[] = [];
  #isPaused = false;
  #isClosed = false;
  /** The thread has said so. */
  #end: { readonly error: Error | undefined } | undefined;

  constructor(events: ConnectionEvents, port: AheadPort) {
    this.#events = events;
    this.#port = port;
  }

  bring(chunk: Chunk): void {
    this.#waiting.push(chunk);
    this.#show();
  }

  end(error: Error | undefined): void {
    this.#end = { error };
    this.#show();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#show();
  }

  destroy(error?: Error): void {
    if (this.#isClosed) return;
    if (this.#end === undefined) this.#port.close();
    this.#waiting.length = 0;
    this.#close(error);
  }

  #show(): void {
    while (!this.#isPaused && !this.#isClosed) {
      const chunk = this.#waiting.shift();
      if (chunk === undefined) break;
      this.#events.shown(Buffer.from(chunk.buffer, 0, chunk.length), chunk.receivedMs);
      this.#port.taken(chunk.buffer);
    }
    if (this.#end !== undefined && this.#waiting.length === 0) this.#close(this.#end.error);
  }

  #close(error: Error | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#port.forget();
    // Later, as a socket says it.
    setImmediate(() => this.#events.ended(error));
  }
}
