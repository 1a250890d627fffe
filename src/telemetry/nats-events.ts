import { causeText, type SidecarError } from "../core/errors.js";
import type { Telemetry } from "./telemetry.js";
import { WatchedNow } from "./watched-now.js";

const TELL_AGAIN_MS = 60_000;

/** What is not about one subject. */
const SERVER = "";

/** What happens between this host and a NATS server: each function writes its log line, counts, and keeps what is known now. */
export class NatsEvents {
  /** Containers of other hosts, where their lines are read from the stream; `trouble`: why nothing goes on. */
  readonly watching = new WatchedNow("nats");
  /** When a message was taken last, in milliseconds since 1970. */
  publishedMs: number | undefined;
  readonly #telemetry: Telemetry;
  /** What is told is told once a minute, not at each try. */
  readonly #toldMs = new Map<string, number>();
  /** By subject: what works for one says nothing of another. */
  readonly #troubles = new Map<string, string>();

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  connected(server: string): void {
    this.goesOn();
    this.#toldMs.clear();
    this.#telemetry.log.info({ server }, "connected to NATS");
  }

  /** The stream has answered: nothing is known to stand in the way. */
  goesOn(): void {
    this.#troubles.clear();
    this.watching.trouble = undefined;
  }

  disconnected(server: string): void {
    this.#standsStill(SERVER, `the connection to NATS at ${server} is lost`);
    this.#telemetry.counters.add("nats_disconnects_total");
    this.#telemetry.log.warn(
      { server },
      "the connection to NATS is lost; the engines keep the lines until it is back",
    );
  }

  /** Something was refused or did not answer, and is tried again; `subject`: whose message, where it is about one. */
  troubled(error: SidecarError, subject = SERVER): void {
    this.#standsStill(subject, error.told);
    this.#telemetry.counters.add("nats_failures_total", 1, error.code);
    if (!this.#mayTell(error.message)) return;
    this.#telemetry.log.warn({ code: error.code }, `${error.message} It is tried again and again.`);
  }

  /** A message was taken by the server. */
  published(subject: string, lines: number, bytes: number): void {
    this.publishedMs = Date.now();
    this.#troubles.delete(SERVER);
    this.#troubles.delete(subject);
    [this.watching.trouble] = this.#troubles.values();
    this.#telemetry.counters.add("forwarded_lines_total", lines);
    this.#telemetry.counters.add("forwarded_bytes_total", bytes);
  }

  /** The stream's last message of a container is not the one that was sent last. */
  diverged(container: string, found: string): void {
    this.#telemetry.counters.add("nats_diverged_total");
    this.#telemetry.log.warn(
      { container, found },
      "the stream is not as this forwarder left it: what it lost is read from the engine again. Two forwarders with the same host name on one engine do so, too",
    );
  }

  /** A message cannot be used, and is left out or left for later. */
  readonly messageRefused = (subject: string, sequence: number, error: SidecarError): void => {
    this.#telemetry.counters.add("nats_messages_refused_total", 1, error.code);
    if (!this.#mayTell(`${error.code} ${subject}`)) return;
    this.#telemetry.log.error({ code: error.code, subject, sequence }, error.message);
  };

  /** Lines that were stored already came again. */
  repeated(lines: number, kind: string): void {
    this.#telemetry.counters.add("nats_repeated_lines_total", lines, kind);
  }

  /** The stream is read from its beginning, where it holds what is new. */
  reading(stream: string, messages: number): void {
    this.goesOn();
    this.#telemetry.log.info({ stream, messages }, "reading the stream");
  }

  /** Reading the stream ended, and begins again. */
  sessionEnded(cause: unknown): void {
    this.#telemetry.log.debug({ cause: causeText(cause) }, "reading the stream begins anew");
  }

  /** What is stored durably was taken out of the stream. */
  purged(messages: number): void {
    this.#telemetry.counters.add("nats_messages_purged_total", messages);
  }

  purgeFailed(error: SidecarError): void {
    this.#telemetry.counters.add("nats_failures_total", 1, error.code);
    if (!this.#mayTell("purge")) return;
    this.#telemetry.log.warn(
      { code: error.code },
      `what is stored cannot be taken out of the stream, which will be full in the end: ${error.message}`,
    );
  }

  #standsStill(what: string, why: string): void {
    this.#troubles.set(what, why);
    this.watching.trouble = why;
  }

  #mayTell(what: string): boolean {
    const now = Date.now();
    if (now - (this.#toldMs.get(what) ?? Number.NEGATIVE_INFINITY) < TELL_AGAIN_MS) return false;
    this.#toldMs.set(what, now);
    return true;
  }
}
