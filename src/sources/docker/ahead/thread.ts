import { connect, type Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { Backlog, Memory } from "./backlog.js";
import type { AheadLimits, Asked, Brought } from "./port.js";

/** A program of its own (dist/read-ahead.cjs): the thread that `read-ahead.ts` starts. It reads at once what the engine sends, and holds it until it is taken. */

/** So many chunks are on their way at most, so that the next is there when one is taken. */
const ON_THEIR_WAY = 2;
/** What comes sooner after what was sent before is sent together: the engine writes each message by itself. */
const GATHER_MS = 4;

const { limitBytes, headTimeoutMs } = workerData as AheadLimits;
const memory = new Memory(limitBytes);
const streams = new Map<number, Stream>();
/** Every read of every connection goes here first. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

class Stream {
  readonly #id: number;
  readonly #socket: Socket;
  readonly #backlog = new Backlog(memory);
  #onTheirWay = 0;
  #sentMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isPaused = false;
  /** The connection has ended, with this error if there was one. */
  #end: { readonly error: NodeJS.ErrnoException | undefined } | undefined;

  constructor(id: number, path: string, request: string) {
    this.#id = id;
    const socket = connect({
      path,
      onread: { buffer: scratch, callback: (length) => this.#read(length) },
    });
    this.#socket = socket;
    socket.setTimeout(headTimeoutMs, () => socket.destroy(new Error("the engine has stopped answering")));
    let error: NodeJS.ErrnoException | undefined;
    socket.on("error", (cause) => {
      error = cause;
    });
    socket.on("close", () => {
      this.#end = { error };
      this.#send();
    });
    socket.write(request);
    // Without it nobody would hear of the end.
    socket.resume();
  }

  taken(): void {
    this.#onTheirWay -= 1;
    this.#offer();
  }

  close(): void {
    streams.delete(this.#id);
    clearTimeout(this.#timer);
    this.#backlog.clear();
    this.#socket.destroy();
  }

  /** There is room again. */
  goOn(): void {
    if (!this.#isPaused || this.#backlog.isFull) return;
    this.#isPaused = false;
    this.#socket.resume();
  }

  #read(length: number): boolean {
    const nowMs = Date.now();
    this.#socket.setTimeout(0);
    this.#backlog.add(scratch.subarray(0, length), nowMs);
    this.#offer();
    this.#isPaused = this.#backlog.isFull;
    return !this.#isPaused;
  }

  #offer(): void {
    const restMs = this.#sentMs + GATHER_MS - Date.now();
    if (restMs <= 0 || this.#backlog.isMuch || this.#end !== undefined) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), restMs);
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!streams.has(this.#id)) return;
    while (this.#onTheirWay < ON_THEIR_WAY) {
      const chunk = this.#backlog.shift();
      if (chunk === undefined) break;
      const { buffer, length, lastMs } = chunk;
      this.#onTheirWay += 1;
      this.#sentMs = Date.now();
      tell({ id: this.#id, buffer, length, receivedMs: lastMs }, [buffer]);
    }
    if (this.#end === undefined || !this.#backlog.isEmpty) return;
    streams.delete(this.#id);
    const { error } = this.#end;
    tell({
      id: this.#id,
      ended: error && { ...(error.code && { code: error.code }), message: error.message },
    });
  }
}

function tell(what: Brought, transferred: ArrayBuffer[] = []): void {
  parentPort!.postMessage(what, transferred);
}

parentPort!.on("message", (asked: Asked) => {
  if ("open" in asked) streams.set(asked.open, new Stream(asked.open, asked.path, asked.request));
  else if ("close" in asked) streams.get(asked.close)?.close();
  else {
    memory.giveBack(asked.buffer);
    streams.get(asked.taken)?.taken();
  }
  if (!("open" in asked)) for (const stream of streams.values()) stream.goOn();
});
