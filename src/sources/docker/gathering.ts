import type { OnReadOpts } from "node:net";

/** What has come is shown together when it is so much (three times as much made a backlog's peak 25 MB larger, and saved nothing), … */
const GATHERED_BYTES = 64 * 1024;
/** … or so long after what was shown before: whoever follows a quiet container is shown each message at once. */
const GATHER_MS = 4;
const READ_BYTES = 64 * 1024;

/** Every read of every connection goes here first: what one has brought is taken away before the next. */
const scratch = Buffer.allocUnsafeSlow(READ_BYTES);
/** Gathered in them, and free again. */
const free: Buffer[] = [];
const MOST_FREE = 4;

/** Takes what was gathered. The bytes are another's as soon as it returns; `receivedMs` is when the last of them came. */
export type Gathered = (bytes: Buffer, receivedMs: number) => void;

/**
 * Gathers what a connection brings. The engine writes each message by itself, so a reader that keeps up with it sees a few at a time, and what is
 * done once for all that comes together costs more than what is done for each message.
 */
export class Gathering {
  readonly #show: Gathered;
  #buffer: Buffer | undefined;
  #length = 0;
  #shownMs = 0;
  #receivedMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(show: Gathered) {
    this.#show = show;
  }

  /** For the connection: where its reads go. */
  get onread(): OnReadOpts {
    return {
      buffer: scratch,
      callback: (length) => {
        this.#add(scratch.subarray(0, length));
        return true;
      },
    };
  }

  /** Shows what has been gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    const length = this.#length;
    this.#drop();
    try {
      this.#show(buffer.subarray(0, length), this.#receivedMs);
    } finally {
      this.#shownMs = Date.now();
      if (free.length < MOST_FREE) free.push(buffer);
    }
  }

  /** Nothing is shown any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#drop();
  }

  #drop(): void {
    this.#buffer = undefined;
    this.#length = 0;
  }

  #add(bytes: Buffer): void {
    const nowMs = Date.now();
    this.#receivedMs = nowMs;
    const restMs = this.#shownMs + GATHER_MS - nowMs;
    if (this.#buffer === undefined && restMs <= 0) {
      this.#show(bytes, nowMs);
      this.#shownMs = Date.now();
      return;
    }
    this.#buffer ??= free.pop() ?? Buffer.allocUnsafeSlow(GATHERED_BYTES + READ_BYTES);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    if (this.#length >= GATHERED_BYTES || restMs <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), restMs);
  }
}
