import { loadSettings } from "../../../src/config/load.js";
import { namedContainer } from "../../../src/core/container.js";
import type { LineBatch, LineSink, StoredPosition } from "../../../src/core/source.js";
import { Forwarder } from "../../../src/forward/forwarder.js";
import type { ForwardSource } from "../../../src/forward/forwarding.js";
import { NatsSource } from "../../../src/sources/nats/nats-source.js";
import { NatsEvents } from "../../../src/telemetry/nats-events.js";
import { createTelemetry, type Telemetry } from "../../../src/telemetry/telemetry.js";
import { timeAt } from "../arbitraries.js";
import { BatchLog } from "../batch-log.js";

/** What both ends are made with: variables as a user would set them. */
export type Variables = Readonly<Record<string, string>>;

export const settingsOf = (variables: Variables) =>
  loadSettings({ env: { ...variables }, flags: {}, configFile: undefined });

/** What an engine holds: lines of containers, by their ids, which can be read again from any of them. */
export class Held {
  readonly lines = new Map<string, string[]>();
  readonly #waiting = new Set<() => void>();

  print(id: string, ...texts: readonly string[]): void {
    this.lines.set(id, [...(this.lines.get(id) ?? []), ...texts]);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Resolves when something is printed. */
  more(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }
}

/** Reads what is held, a line a batch; a position is how many lines of the container were read. */
class HeldSource implements ForwardSource {
  readonly start = 0;
  readonly resumes = true;
  readonly #held: Held;
  readonly #restored: ReadonlyMap<string, StoredPosition>;
  readonly #stopping = new AbortController();

  constructor(held: Held, restored: ReadonlyMap<string, StoredPosition>) {
    this.#held = held;
    this.#restored = restored;
  }

  async run(sink: LineSink): Promise<void> {
    const { signal } = this.#stopping;
    const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    const read = new Map<string, number>();
    while (!signal.aborted) {
      const more = this.#held.more();
      for (const id of this.#held.lines.keys()) {
        const from = read.get(id) ?? Number(this.#restored.get(id)?.position ?? 0);
        const texts = this.#held.lines.get(id)!.slice(from);
        read.set(id, from + texts.length);
        for (const [index, text] of texts.entries()) {
          const wait = sink.deliver(batchOf(id, text, from + index));
          if (wait !== undefined) await Promise.race([wait, stopped]);
          if (signal.aborted) return;
        }
      }
      await Promise.race([more, stopped]);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
  }
}

function batchOf(id: string, text: string, index: number): LineBatch {
  const ts = timeAt(BigInt(index + 1) * 1_000_000_000n);
  return {
    container: namedContainer(id, `name-of-${id}`),
    lines: [{ ts, stream: "stdout", text, lines: 1, truncated: false, replaced: false }],
    bytes: text.length,
    gap: undefined,
    position: index + 1,
    state: "open",
  };
}

/** A sidecar's telemetry, and all that it said. */
class Said {
  text = "";
  readonly telemetry: Telemetry = createTelemetry({
    level: "info",
    destination: { write: (text) => (this.text += text) },
  });
  readonly count = this.telemetry.counters.get.bind(this.telemetry.counters);
}

/** A forwarder of one host that runs until `stop`. */
export class RunningForwarder extends Said {
  readonly #forwarder: Forwarder;
  readonly #ended: Promise<void>;

  constructor({ host, held, variables }: { host: string; held: Held; variables: Variables }) {
    super();
    const settings = settingsOf({ ...variables, SIDECAR_HOST: host });
    this.#forwarder = new Forwarder({
      settings,
      servers: settings.nats!,
      telemetry: this.telemetry,
      events: new NatsEvents(this.telemetry),
      findHost: async () => host,
      createSource: (restored) => new HeldSource(held, restored),
    });
    this.#ended = this.#forwarder.run();
  }

  get status() {
    return this.#forwarder.status;
  }

  async stop(): Promise<void> {
    await this.#forwarder.stop();
    await this.#ended;
  }
}

/** A consumer whose store takes everything at once, and has made it durable when it is asked. */
export class RunningConsumer extends Said {
  readonly stored = new BatchLog();
  readonly #source: NatsSource;
  readonly #ended: Promise<void>;

  constructor({ variables }: { variables: Variables }) {
    super();
    const settings = settingsOf(variables);
    let commits = 0;
    this.#source = new NatsSource({
      settings,
      servers: settings.nats!,
      restored: new Map(),
      handed: () => this.stored.positions(),
      commits: () => commits++,
      events: new NatsEvents(this.telemetry),
    });
    this.#ended = this.#source.run(this.stored);
  }

  async stop(): Promise<void> {
    await this.#source.stop();
    await this.#ended;
  }
}
