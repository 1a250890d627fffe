import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Settings } from "../../config/schema.js";
import { type Container, namedContainer } from "../../core/container.js";
import { SidecarError } from "../../core/errors.js";
import type { LineSink, Source, StoredPosition } from "../../core/source.js";
import type { Watching } from "../../core/watching.js";
import type { NatsEvents } from "../../telemetry/nats-events.js";
import { insistOnNats, type Nats, pause, untilConnected } from "./connection.js";
import { handedOut, readBatch, readHead } from "./decode.js";
import type { SentBatch } from "./message.js";
import { printedLines } from "./numbers.js";
import { isOlder, judge, type Progress, progressSchema, type Verdict } from "./progress.js";
import { Purger } from "./purger.js";
import { readStream, type StreamMessage } from "./session.js";
import { inboxOf, readSubject } from "./subjects.js";
import { natsError } from "./trouble.js";

/** Containers that are gone and still known, in case they come back. */
const REMOVED_KEPT = 1_000;
const AGAIN_MS = 500;
/** What the consumer is called by the server, and its inbox by its user's permissions. */
export const CONSUMER = "log-sidecar-consumer";

export interface NatsSourceOptions {
  readonly servers: readonly string[];
  readonly settings: Settings;
  /** Positions of an earlier run, by `host/container id`. */
  readonly restored: ReadonlyMap<string, StoredPosition>;
  /** Positions of what was handed to the store by now. */
  readonly handed: () => ReadonlyMap<string, StoredPosition>;
  /** How many commits there were. */
  readonly commits: () => number;
  readonly events: NatsEvents;
}

const positionSchema = progressSchema.extend({ removed: z.boolean() });

/** Batches that forwarders on many hosts have published to a stream of NATS JetStream. */
export class NatsSource implements Source {
  readonly resumes = true;
  readonly watching: Watching;
  readonly #options: NatsSourceOptions;
  readonly #progress = new Map<string, Progress>();
  /** Ids of containers that are gone, oldest first, with their names. */
  readonly #removed = new Map<string, string>();
  readonly #stopping = new AbortController();
  readonly #purger: Purger;
  /** Containers of which the session under way has brought a message. */
  #met = new Set<string>();
  /** … and it has come to the stream's end. */
  #caughtUp = false;
  /** Containers with messages that this program is too old for: what comes behind those has to wait. */
  readonly #tooNew = new Set<string>();
  /** The place before which messages were missing when the stream was last read. */
  #missedAt = "";
  #sink: LineSink | undefined;

  constructor(options: NatsSourceOptions) {
    this.#options = options;
    this.watching = options.events.watching;
    const { handed, commits, events } = options;
    this.#purger = new Purger({
      progressOf: (id) => progressOf(handed().get(id)),
      commits,
      events,
      onGone: (id) => this.#met.delete(id),
    });
    for (const [id, stored] of options.restored) {
      const position = positionSchema.safeParse(stored.position);
      if (!position.success) continue;
      const { removed, ...progress } = position.data;
      this.#progress.set(id, progress);
      if (removed) this.#removed.set(id, stored.name);
    }
  }

  async run(sink: LineSink): Promise<void> {
    this.#sink = sink;
    const { settings, servers, events } = this.#options;
    const { signal } = this.#stopping;
    const asked = { servers, settings, name: CONSUMER, inboxPrefix: inboxOf(CONSUMER) };
    const nats = await insistOnNats(asked, events, signal);
    if (nats === undefined) return;
    const { natsPrefix: prefix } = settings;
    const purging = setInterval(() => this.#purger.purge(nats, prefix), 1_000);
    try {
      while (!signal.aborted) await this.#session(nats, prefix);
    } finally {
      clearInterval(purging);
      // What is under way may wait for a server that is away.
      await Promise.race([nats.connection.close(), sleep(1_000, undefined, { ref: false })]);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
  }

  async #session(nats: Nats, prefix: string): Promise<void> {
    const { events, servers } = this.#options;
    this.#met = new Set();
    this.#caughtUp = false;
    this.#purger.forget();
    await untilConnected(nats, this.#stopping.signal);
    try {
      const why = await readStream({
        nats,
        prefix,
        stopping: this.#stopping.signal,
        onBegin: (stream, messages) => events.reading(stream, messages),
        onIdle: () => {
          this.#caughtUp = true;
          this.#forgetRemoved();
        },
        take: (message) => this.#take(message, prefix),
      });
      events.sessionEnded(why);
    } catch (cause) {
      if (this.#stopping.signal.aborted) return;
      events.troubled(natsError(servers, cause));
    }
    await pause(AGAIN_MS, this.#stopping.signal);
  }

  #take(message: StreamMessage, prefix: string): Promise<void> | "again" | undefined {
    try {
      return this.#read(message, prefix);
    } catch (error) {
      if (!(error instanceof SidecarError)) throw error;
      if (error.code === "NATS_NEWER") this.#tooNew.add(message.subject);
      this.#options.events.messageRefused(message.subject, message.sequence, error);
      return undefined;
    }
  }

  /** @throws SidecarError NATS_MESSAGE, NATS_NEWER */
  #read(message: StreamMessage, prefix: string): Promise<void> | "again" | undefined {
    const { subject, sequence, data, header } = message;
    if (this.#tooNew.has(subject)) return undefined;
    const parts = readSubject(prefix, subject);
    if (parts === undefined)
      throw new SidecarError("NATS_MESSAGE", `${subject} is no subject of a container`);
    if (message.isHandedOut) throw handedOut();
    const head = readHead(header);
    const id = `${parts.host}/${parts.containerId}`;
    const progress = this.#progress.get(id);
    const isFirst = !this.#met.has(id);
    this.#met.add(id);
    const seen = {
      id,
      subject,
      sequence,
      hash: head.hash,
      after: head.after,
      isRemoved: head.state === "removed",
    };
    if (isOlder(progress, head)) {
      this.#purger.note(seen);
      return undefined;
    }
    const batch = readBatch(head, data);
    if (batch.container.id !== parts.containerId)
      throw new SidecarError("NATS_MESSAGE", `a message on ${subject} is of container ${batch.container.id}`);
    const verdict = judge(progress, batch);
    // Another message may have taken the number of one that was read: then the stream has it further ahead.
    if (verdict.kind === "missing" && !isFirst && this.#missedAt !== placeOf(seen)) {
      this.#missedAt = placeOf(seen);
      return "again";
    }
    this.#purger.note(seen);
    return this.#deliver({ ...batch.container, id, host: parts.host }, batch, verdict);
  }

  #deliver(container: Container, batch: SentBatch, verdict: Verdict): Promise<void> | undefined {
    const { lines, gap, progress, kind } = verdict;
    const [stdout, stderr] = printedLines(batch.lines);
    const [newOut, newErr] = printedLines(lines);
    const repeated = stdout + stderr - newOut - newErr;
    const { events } = this.#options;
    const { watching } = events;
    if (repeated > 0) events.repeated(repeated, kind);
    const isRemoved = batch.state === "removed";
    this.#progress.set(container.id, progress);
    this.#removed.delete(container.id);
    if (isRemoved) {
      this.#removed.set(container.id, container.name);
      watching.containers.delete(container.id);
    } else watching.follow(container);
    const bytes = repeated === 0 ? batch.bytes : lines.reduce((sum, { text }) => sum + text.length, 0);
    const wait = this.#sink?.deliver({
      container,
      lines,
      bytes,
      gap,
      position: { ...progress, removed: isRemoved } satisfies z.infer<typeof positionSchema>,
      // Its position is kept for a while: its last message may come again.
      state: batch.state === "open" ? "open" : "ended",
    });
    return wait;
  }

  /** What the stream still holds of a container must stay known: it would be taken for new. */
  #forgetRemoved(): void {
    for (const [id, name] of this.#removed) {
      if (this.#removed.size <= REMOVED_KEPT || !this.#caughtUp) return;
      if (this.#met.has(id)) continue;
      this.#removed.delete(id);
      this.#progress.delete(id);
      const container = namedContainer(id, name);
      const nothing = { lines: [], bytes: 0, gap: undefined, position: undefined } as const;
      void this.#sink?.deliver({ container, ...nothing, state: "removed" });
    }
  }
}

function progressOf(stored: StoredPosition | undefined): Progress | undefined {
  const position = positionSchema.safeParse(stored?.position);
  return position.success ? position.data : undefined;
}

function placeOf({ id, after }: { id: string; after: Progress["numbers"] | SentBatch["after"] }): string {
  return `${id} ${after.epoch} ${after.counts.join(" ")}`;
}
