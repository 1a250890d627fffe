import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyReply } from "fastify";
import { type Entry, mayHold } from "../../reading/entries.js";
import { Follower } from "../../reading/follower.js";
import { readNewest } from "../../reading/newest.js";
import { listSegments } from "../../reading/segments.js";
import { compileQuery, type Query } from "../../search/query.js";
import { liveRecordsMissed } from "../../telemetry/http-events.js";
import type { Telemetry } from "../../telemetry/telemetry.js";
import { tailQuery } from "./query.js";
import { type AddRoutes, untilGone } from "./route.js";
import { placed } from "./search.js";

const PRIVATE = { config: { access: "private" } } as const;
const LOOK_EVERY_MS = 300;
/** A proxy closes what is silent for long. */
const BEAT_MS = 15_000;
/** What was sent and not taken yet. */
const WAITING_BYTES = 1024 * 1024;
/** Behind that so many of the newest wait; older ones are counted and left out, for that viewer alone. */
const WAITING_ENTRIES = 1_000;
const HEAD = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  // nginx would keep events until there are enough of them.
  "x-accel-buffering": "no",
};

/**
 * `/api/tail`: records as they are stored, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): `entry`
 * with what `/api/search` gives, and `missed` with how many were left out because they came faster than they were taken.
 */
export const addTail: AddRoutes = (server, { parts, stopping }) => {
  const { logDir } = parts.settings;
  server.get("/api/tail", PRIVATE, async (request, reply) => {
    const { q, where, category, last, ...wanted } = tailQuery.parse(request.query);
    const query = compileQuery({ words: q, where });
    const signal = untilGone(reply, stopping);
    const all = await listSegments(logDir, category);
    const segments = all.filter((segment) => mayHold(segment, category, wanted));
    const follower = await Follower.begin({ logDir, category, wanted, segments });
    const viewer = new Viewer(reply, query, parts.telemetry);
    const stored = { logDir, segments: follower.segments, count: last, wanted };
    for (const entry of await readNewest(stored)) viewer.show(entry);
    await follow(follower, viewer, signal);
    return reply;
  });
};

async function follow(follower: Follower, viewer: Viewer, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted) {
      const { news, more } = await follower.look();
      for (const entry of news) viewer.show(entry);
      viewer.beat();
      if (!more) await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  } catch (cause) {
    if (!signal.aborted) throw cause;
  } finally {
    viewer.end();
  }
}

/** Somebody who looks, as fast as they can. */
class Viewer {
  readonly #reply: FastifyReply;
  readonly #query: Query;
  readonly #telemetry: Telemetry;
  readonly #waiting: Entry[] = [];
  #missed = 0;
  #saidMs = 0;

  constructor(reply: FastifyReply, query: Query, telemetry: Telemetry) {
    this.#reply = reply;
    this.#query = query;
    this.#telemetry = telemetry;
    reply.hijack();
    reply.raw.writeHead(200, HEAD);
    this.#write(": the newest first, then what comes\n\n");
  }

  show(entry: Entry): void {
    if (!this.#query.test(entry)) return;
    this.#waiting.push(entry);
    if (this.#waiting.length < 2 * WAITING_ENTRIES) {
      this.#sendWhileTaken();
      return;
    }
    this.#missed += this.#waiting.splice(0, WAITING_ENTRIES).length;
    liveRecordsMissed(this.#telemetry, WAITING_ENTRIES);
  }

  /** Called with each look. */
  beat(): void {
    this.#sendWhileTaken();
    if (performance.now() - this.#saidMs > BEAT_MS) this.#write(": still here\n\n");
  }

  end(): void {
    this.#reply.raw.end();
  }

  #sendWhileTaken(): void {
    let sent = 0;
    while (sent < this.#waiting.length && this.#reply.raw.writableLength <= WAITING_BYTES) {
      if (this.#missed > 0) this.#write(`event: missed\ndata: ${this.#missed}\n\n`);
      this.#missed = 0;
      this.#write(`event: entry\ndata: ${placed(this.#waiting[sent]!)}\n`);
      sent += 1;
    }
    this.#waiting.splice(0, sent);
  }

  #write(text: string): void {
    this.#saidMs = performance.now();
    this.#reply.raw.write(text);
  }
}
