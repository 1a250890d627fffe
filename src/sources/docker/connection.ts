import type { Socket } from "node:net";
import { dialEngine, type EngineAddress } from "./engine.js";
import { Gathering } from "./gathering.js";

/** The engine sends the head of its answer at once; when nothing comes, it or a proxy hangs. */
export const HEAD_TIMEOUT_MS = 30_000;

/** An answer of the engine that is on its way. */
export interface Connection {
  /** Nothing is shown until `resume`; what is on its way may still be. */
  pause(): void;
  resume(): void;
  /** Ends it; `ended` is called all the same, with this error if there is one. */
  destroy(error?: Error): void;
}

/** What becomes of an answer. */
export interface ConnectionEvents {
  /** The bytes are another's as soon as it returns; `receivedMs` is when the last of them came. */
  shown(bytes: Buffer, receivedMs: number): void;
  /** Nothing is shown any more. */
  ended(error?: Error): void;
}

export interface Question {
  /** The request, as it is sent. */
  readonly request: string;
  /** The longest silence once the answer has begun; 0 for none. */
  readonly idleMs: number;
}

/** Asks the engine, and reads its answer when this process has time for it. */
export function dial(address: EngineAddress, question: Question, events: ConnectionEvents): Connection {
  return new DirectConnection(address, question, events);
}

class DirectConnection implements Connection {
  readonly #socket: Socket;
  readonly #idleMs: number;

  constructor(address: EngineAddress, { request, idleMs }: Question, events: ConnectionEvents) {
    let hasBegun = false;
    const gathering = new Gathering((bytes, receivedMs) => {
      if (!hasBegun) socket.setTimeout(idleMs);
      hasBegun = true;
      events.shown(bytes, receivedMs);
    });
    const socket = dialEngine(address, gathering.onread);
    this.#socket = socket;
    this.#idleMs = idleMs;
    socket.setTimeout(HEAD_TIMEOUT_MS, () => socket.destroy(new Error("the engine has stopped answering")));
    let failure: Error | undefined;
    socket.on("error", (error) => {
      failure = error;
    });
    socket.on("close", () => {
      // What came before counts.
      gathering.flush();
      events.ended(failure);
    });
    socket.write(request);
    // Without it nobody would hear of the end.
    socket.resume();
  }

  pause(): void {
    this.#socket.pause();
    // Silence while nobody reads is not the engine's.
    this.#socket.setTimeout(0);
  }

  resume(): void {
    this.#socket.setTimeout(this.#idleMs);
    this.#socket.resume();
  }

  destroy(error?: Error): void {
    this.#socket.destroy(error);
  }
}
