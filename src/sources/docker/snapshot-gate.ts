import { Gate } from "./gate.js";

/** A snapshot that has brought so many bytes gives way to others. */
const TURN_BYTES = 4_000_000;

interface Places {
  readonly short: number;
  readonly long: number;
}

/** What a snapshot has to tell while it is read. */
export interface Turn {
  /** So many bytes have come; a promise means: others first. */
  read(bytes: number): Promise<void> | undefined;
}

/**
 * Snapshots make the engine search its files, so only a few are read at a time. Each begins in a place for short ones; one that
 * turns out to be long leaves it, and the long ones take turns. So what a quiet container has printed does
 * not wait for the backlog of another.
 */
export class SnapshotGate {
  readonly #short: Gate;
  readonly #long: Gate;

  constructor({ short, long }: Places) {
    this.#short = new Gate(short);
    this.#long = new Gate(long);
  }

  async pass<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
    await this.#short.enter();
    const turn = new Place(this.#short, this.#long);
    try {
      return await work(turn);
    } finally {
      turn.end();
    }
  }
}

class Place implements Turn {
  readonly #long: Gate;
  /** Where it has a place; undefined while it waits for one. */
  #gate: Gate | undefined;
  #bytes = 0;
  #ended = false;

  constructor(gate: Gate, long: Gate) {
    this.#gate = gate;
    this.#long = long;
  }

  read(bytes: number): Promise<void> | undefined {
    this.#bytes += bytes;
    if (this.#bytes < TURN_BYTES || this.#gate === undefined) return undefined;
    this.#bytes = 0;
    if (this.#gate === this.#long && !this.#long.crowded) return undefined;
    this.#gate.leave();
    const wait = this.#long.enter();
    this.#gate = wait === undefined ? this.#long : undefined;
    return wait?.then(() => {
      this.#gate = this.#long;
      if (this.#ended) this.end();
    });
  }

  end(): void {
    this.#ended = true;
    this.#gate?.leave();
    this.#gate = undefined;
  }
}
