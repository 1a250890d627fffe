import type { Container } from "../core/container.js";
import type { StreamName } from "../core/line.js";
import type { LineBatch } from "../core/source.js";
import type { Counters } from "./counters.js";

/** Services that have series of their own: an engine may see thousands of containers in a month. */
const MOST_SERVICES = 500;
const REST = "_other";

/** What a batch brought. */
export interface BatchRead {
  readonly container: Container;
  /** Lines as the app printed them. */
  readonly stdout: number;
  readonly stderr: number;
  /** Engine time of its last line; undefined where it has none. */
  readonly lastTs: string | undefined;
}

/** Counts lines by service and stream, and knows how old the newest line of each service was when it was read. */
export class ServiceReads {
  readonly #counters: Counters;
  readonly #lagSeconds = new Map<string, number>();

  constructor(counters: Counters) {
    this.#counters = counters;
  }

  /** Counts all that a batch brings as it comes from a source. */
  addBatch({ container, lines, bytes, gap }: LineBatch): void {
    const counters = this.#counters;
    const read = { stdout: 0, stderr: 0 };
    for (const line of lines) {
      read[line.stream] += line.lines;
      if (line.truncated) counters.add("lines_truncated_total");
      if (line.replaced) counters.add("lines_replaced_total");
    }
    this.add({ container, ...read, lastTs: lines.at(-1)?.ts });
    counters.add("bytes_read_total", bytes);
    if (gap !== undefined) counters.add("gaps_total");
  }

  add({ container, stdout, stderr, lastTs }: BatchRead, nowMs = Date.now()): void {
    const service = this.#nameOf(container);
    if (lastTs !== undefined) this.#lagSeconds.set(service, Math.max(0, nowMs - Date.parse(lastTs)) / 1000);
    if (stdout > 0) this.#count(service, "stdout", stdout);
    if (stderr > 0) this.#count(service, "stderr", stderr);
  }

  /** Seconds by service: from printing to reading, of the line that was read last. */
  get lagSeconds(): ReadonlyMap<string, number> {
    return this.#lagSeconds;
  }

  #count(service: string, stream: StreamName, lines: number): void {
    this.#counters.add("lines_read_total", lines, `${service}/${stream}`);
  }

  #nameOf({ composeService, name }: Container): string {
    const service = composeService ?? name;
    if (this.#lagSeconds.has(service)) return service;
    return this.#lagSeconds.size >= MOST_SERVICES ? REST : service;
  }
}
