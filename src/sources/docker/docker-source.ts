import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import split2 from "split2";
import { Backoff } from "../../core/backoff.js";
import type { LineSink, Source, StoredPosition } from "../../core/source.js";
import { nsToTime } from "../../core/time.js";
import type { Watching } from "../../core/watching.js";
import { type Position, positionSchema, startPosition } from "../position.js";
import { readyAhead } from "./ahead/read-ahead.js";
import type { DockerSourceOptions } from "./docker-source-options.js";
import { createDocker, engineError, engineName } from "./engine.js";
import { changesState, readEvent, runEnd } from "./engine-event.js";
import { createReader } from "./files/files-first-reader.js";
import type { LogReader } from "./files/log-reader.js";
import { Gate } from "./gate.js";
import { GonePositions } from "./gone-positions.js";
import { isNew } from "./new-container.js";
import { PODMAN } from "./podman.js";
import { Questions } from "./questions.js";
import { inScope, ownContainerIds, type ScopeRule } from "./scope.js";
import { SnapshotGate } from "./snapshot-gate.js";
import { Ticks } from "./ticks.js";
import { TIMING, type Timing } from "./timing.js";
import { readEnabled, readEnvironment, readInspect, type WatchedContainer } from "./watched-container.js";

const SNAPSHOTS_AT_ONCE = { short: 4, long: 2 };
const INSPECTS_AT_ONCE = 8;
/** Listening for events that ended sooner than this has not worked. */
const SHORT_WATCH_MS = 1_000;

/** Follows the containers of one Docker Engine that are in scope, through its log API and with GET requests alone. */
export class DockerSource implements Source {
  readonly resumes = true;
  readonly watching: Watching;
  readonly #options: DockerSourceOptions;
  readonly #timing: Timing;
  readonly #ticks: Ticks;
  readonly #docker: Docker;
  readonly #questions: Questions;
  readonly #readers = new Map<string, LogReader>();
  readonly #running = new Set<Promise<void>>();
  /** Containers that are being looked at. */
  readonly #considered = new Set<string>();
  readonly #gone: GonePositions;
  /** Containers that were looked at and are not collected, until something happens to them. */
  readonly #passedOver = new Set<string>();
  readonly #snapshots = new SnapshotGate(SNAPSHOTS_AT_ONCE);
  readonly #inspects = new Gate(INSPECTS_AT_ONCE);
  readonly #stopping = new AbortController();
  readonly #startFloor: string;
  #rule: ScopeRule | undefined;
  #sink: LineSink | undefined;

  constructor(options: DockerSourceOptions) {
    const { since } = options;
    this.#options = options;
    this.watching = options.events.watching;
    this.#timing = options.timing ?? TIMING;
    this.#ticks = new Ticks(this.#timing.tickMs);
    this.#docker = createDocker(options.address);
    this.#questions = new Questions(options.address, {
      limitMs: this.#timing.answerMs,
      stopping: this.#stopping.signal,
    });
    this.#gone = new GonePositions(options.restored);
    const startMs = since === "beginning" ? undefined : Date.now() - (since === "now" ? 0 : since);
    this.#startFloor = startMs === undefined ? "" : nsToTime(BigInt(startMs) * 1_000_000n);
  }

  /** Where reading begins in containers not seen before. */
  get start(): Position {
    return startPosition(this.#startFloor);
  }

  async run(sink: LineSink): Promise<void> {
    this.#sink = sink;
    const { address, events } = this.#options;
    readyAhead(address);
    const backoff = new Backoff();
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const startedMs = Date.now();
        await this.#watch(() => backoff.reset());
        // Whatever was read while the engine went away is looked at again when it is back.
        const short = Date.now() - startedMs < SHORT_WATCH_MS;
        await sleep(short ? backoff.next() : 100, undefined, { signal }).catch(() => undefined);
      } catch (cause) {
        if (signal.aborted) break;
        const retryMs = backoff.next();
        events.engineLost(engineError(address, cause), retryMs);
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
    await Promise.all(this.#running);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const reader of this.#readers.values()) reader.stop();
    await Promise.all(this.#running);
  }

  /** Listens to the engine's events, lists its containers, and goes on until the events stop. */
  async #watch(connected: () => void): Promise<void> {
    const { signal } = this.#stopping;
    this.#rule ??= await this.#findScope();
    // Events first, then the list: what happens between the two is seen in one of them, or in both.
    const events = await this.#docker.getEvents({ filters: { type: ["container"] }, abortSignal: signal });
    const relist = setInterval(() => void this.#list().catch(() => undefined), this.#timing.relistMs);
    const working = setTimeout(connected, SHORT_WATCH_MS);
    try {
      await this.#list();
      // A container may have run and stopped again while nobody listened.
      for (const reader of this.#readers.values()) if (reader.waiting) reader.wake();
      await pipeline(events, split2(), async (lines: AsyncIterable<unknown>) => {
        for await (const text of lines) this.#onEvent(String(text));
      });
    } finally {
      clearInterval(relist);
      clearTimeout(working);
    }
  }

  async #findScope(): Promise<ScopeRule> {
    const { address, events } = this.#options;
    const version = await this.#questions.version();
    const name = engineName(version);
    this.#questions.podman = name === PODMAN;
    let own: WatchedContainer | undefined;
    for (const id of ownContainerIds()) own ??= await this.#questions.watched(id).catch(() => undefined);
    const project = own?.container.composeProject;
    const scope = this.#options.scope ?? (project === undefined ? "all" : "project");
    const told = scope === "project" ? `project ${project ?? "(none)"}` : scope;
    events.engineFound(address.text, name, version.Version, told);
    if (scope === "project" && project === undefined) events.noProject();
    return { scope, project, ownId: own?.container.id };
  }

  async #list(): Promise<void> {
    const listed = await this.#questions.containers();
    const present = new Set(listed.map((info) => info.Id));
    this.#options.events.watching.list(present);
    for (const { Id: id, State: state } of listed) {
      const reader = this.#readers.get(id);
      if (reader !== undefined) {
        if (state === "running" && reader.waiting) reader.wake();
      } else if (!this.#passedOver.has(id)) this.#launch(this.#consider(id, false));
    }
    for (const id of this.#readers.keys()) if (!present.has(id)) this.#readers.get(id)?.wake();
    for (const id of this.#passedOver) if (!present.has(id)) this.#passedOver.delete(id);
    // Batches without lines: the sink's wish to wait can be left for those that follow.
    for (const batch of this.#gone.vanished(present)) void this.#sink?.deliver(batch);
  }

  #onEvent(text: string): void {
    if (text.trim() === "") return;
    const event = readEvent(text);
    if (event === undefined) {
      this.#options.events.badEvent(text);
      return;
    }
    const { Action: action, Actor: actor } = event;
    const reader = this.#readers.get(actor.ID);
    if (action === "start" && reader === undefined) {
      this.#passedOver.delete(actor.ID);
      this.#launch(this.#consider(actor.ID, true));
    } else if (action === "rename" && reader !== undefined) this.#launch(this.#rename(actor.ID, reader));
    else if (changesState(action)) reader?.wake(runEnd(event));
  }

  async #rename(id: string, reader: LogReader): Promise<void> {
    const watched = await this.#questions.watched(id);
    if (watched !== undefined) reader.rename(watched);
  }

  /** Looks at a container that is not being read and begins to read it when it is in scope. */
  async #consider(id: string, fresh: boolean): Promise<void> {
    // One container that the engine cannot tell about holds up none of the others.
    if (this.#considered.has(id)) return;
    this.#considered.add(id);
    const answer = await this.#inspects
      .pass(() => this.#questions.describe(id))
      .finally(() => this.#considered.delete(id));
    if (answer === undefined || this.#readers.has(id) || this.#stopping.signal.aborted) return;
    const name = answer.Name.replace(/^\//, "");
    const badLabel = (label: string, problem: string) => this.#options.events.badLabel(name, label, problem);
    const labels = answer.Config.Labels ?? {};
    const enabled = readEnabled(labels, readEnvironment(answer.Config.Env ?? []), badLabel);
    if (this.#rule === undefined || !inScope(this.#rule, { id, labels, enabled })) {
      this.#passedOver.add(id);
      return;
    }
    this.#read(readInspect(answer, badLabel), fresh);
  }

  #read(watched: WatchedContainer, fresh: boolean): void {
    const { container } = watched;
    const stored = this.#gone.take(container.id);
    const position = this.#startOf(stored);
    const { createJoiner, maxLineBytes, address, engineFiles, events } = this.#options;
    const { podman } = this.#questions;
    const reader = createReader(
      { engineFiles, podman },
      {
        address,
        watched,
        position,
        fresh: stored === undefined && (fresh || isNew(watched)),
        sink: this.#sink!,
        gate: this.#snapshots,
        events,
        maxLineBytes,
        createJoiners: () => [createJoiner(container), createJoiner(container)],
        inspectState: (id) => this.#questions.state(id),
        timing: this.#timing,
        ticks: this.#ticks,
      },
    );
    this.#readers.set(container.id, reader);
    events.following(container, position.last[0] || position.floor || "beginning");
    this.#launch(
      reader.run().then((end) => {
        this.#readers.delete(container.id);
        if (end === "gone") {
          this.#gone.keep(container.id, { name: container.name, position: reader.position, ended: true });
          events.finished(container);
        }
        if (end === "unreadable") this.#passedOver.add(container.id);
      }),
    );
  }

  #startOf(stored: StoredPosition | undefined): Position {
    const parsed = positionSchema.safeParse(stored?.position);
    return parsed.success ? parsed.data : startPosition(this.#startFloor);
  }

  #launch(work: Promise<void>): void {
    const { address, events } = this.#options;
    const guarded = work
      // The engine went away in between: listing again after it is back repeats the work.
      .catch((cause: unknown) => events.engineLost(engineError(address, cause), 0))
      .finally(() => this.#running.delete(guarded));
    this.#running.add(guarded);
  }
}
