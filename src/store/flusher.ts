import type { Segment } from "./segment.js";
import type { Writer } from "./writer.js";

/**
 * Text is turned into bytes when so much of it waits for one segment: text that waits longer outlives the young objects, and moving
 * it costs (with 256 KB instead the garbage collector took two to three times as long). Writes take many such chunks at once …
 */
const DUE_CHARS = 48 * 1024;
/** Bytes have nothing to outlive, and each write looks whether the file is still in its place, which costs some calls of the system. */
const DUE_BYTES = 256 * 1024;
/** … or at most so long after it came, so that lines are seen in the files within a second. */
const LATEST_MS = 250;

/** Writes what was appended, in large pieces, without being asked. */
export class Flusher {
  readonly #writer: Writer;
  readonly #onFatal: (cause: unknown) => void;
  #listed = new Set<Segment>();
  #timer: NodeJS.Timeout | undefined;

  constructor(writer: Writer, onFatal: (cause: unknown) => void) {
    this.#writer = writer;
    this.#onFatal = onFatal;
  }

  /** Called after each append. */
  appended(segment: Segment): void {
    if (!segment.isListed) {
      segment.isListed = true;
      this.#listed.add(segment);
      this.#timer ??= setTimeout(() => this.#flushSoon(), LATEST_MS);
    }
    if (segment.textChars >= DUE_CHARS || segment.newBytes >= DUE_BYTES)
      this.#writer.write(segment, segment.encode()).catch(this.#onFatal);
  }

  /** Nothing more comes for the segment. It is written before the next one of its series, so that their numbers follow their entries. */
  ended(segment: Segment): void {
    this.#writer.write(segment, segment.encode()).catch(this.#onFatal);
  }

  /** Returns when all that was appended so far is in the files. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const segments = this.#listed;
    this.#listed = new Set();
    const writes: Promise<void>[] = [];
    for (const segment of segments) {
      segment.isListed = false;
      writes.push(this.#writer.write(segment, segment.encode()));
    }
    await Promise.all(writes);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #flushSoon(): void {
    this.flush().catch(this.#onFatal);
  }
}
