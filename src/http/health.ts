import type { ForwarderParts, HttpParts } from "./parts.js";

/** One of the things that the sidecar needs. */
export interface HealthPart {
  readonly name: "volume" | "loop" | "engine" | "nats" | "rules";
  readonly ok: boolean;
  /** Why it is not; absent while it is. */
  readonly why?: string;
}

/** What `/healthz` and `/readyz` answer. */
export interface HealthReport {
  readonly ok: boolean;
  readonly parts: readonly HealthPart[];
}

const BEAT_MS = 1_000;
/** A loop that stood still for so long read nothing and wrote nothing. */
const STALL_MS = 10_000;
/** A stall that is over is told for so long: nobody can ask while it lasts. */
const TOLD_MS = 30_000;

/** Notices when nothing else gets a turn. */
export class LoopWatch {
  readonly #timer: NodeJS.Timeout;
  readonly #now: () => number;
  #beatMs: number;
  #stall: { readonly ms: number; readonly endedMs: number } | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#beatMs = now();
    this.#timer = setInterval(() => this.beat(), BEAT_MS);
    this.#timer.unref();
  }

  beat(): void {
    const nowMs = this.#now();
    const stalledMs = nowMs - this.#beatMs - BEAT_MS;
    if (stalledMs >= STALL_MS) this.#stall = { ms: stalledMs, endedMs: nowMs };
    this.#beatMs = nowMs;
  }

  /** Undefined while it runs, and has not stood still lately. */
  get trouble(): string | undefined {
    this.beat();
    if (this.#stall === undefined || this.#now() - this.#stall.endedMs > TOLD_MS) return undefined;
    return `it stood still for ${Math.round(this.#stall.ms / 1000)} s`;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Whether the sidecar can do its job: its volume, NATS where it forwards too, and its own working. */
export function health(
  { store, forwarder }: Pick<HttpParts, "store" | "forwarder">,
  loop: LoopWatch,
): HealthReport {
  const { diskFull, failing } = store.status();
  return report([
    part("volume", diskFull ? `the disk is full: ${failing}` : failing),
    ...(forwarder === undefined ? [] : [part("nats", forwarder.watching.trouble)]),
    part("loop", loop.trouble),
  ]);
}

/** Whether lines come in and are sorted as they should be: the health, the engine or NATS, and the rules. */
export function readiness(
  parts: Pick<HttpParts, "store" | "source" | "rules" | "forwarder">,
  loop: LoopWatch,
): HealthReport {
  const { watching } = parts.source;
  return report([
    ...health(parts, loop).parts,
    ...(watching === undefined ? [] : [part(watching.of, watching.trouble)]),
    part("rules", parts.rules.trouble),
  ]);
}

/** Whether a forwarder can do its job: what it sends is taken, and its own working. */
export function forwarderHealth(
  { forwarder }: Pick<ForwarderParts, "forwarder">,
  loop: LoopWatch,
): HealthReport {
  return report([part("nats", forwarder.watching.trouble), part("loop", loop.trouble)]);
}

/** … and whether the engine gives it lines. */
export function forwarderReadiness(
  parts: Pick<ForwarderParts, "forwarder" | "engine">,
  loop: LoopWatch,
): HealthReport {
  return report([...forwarderHealth(parts, loop).parts, part("engine", parts.engine.trouble)]);
}

function part(name: HealthPart["name"], why: string | undefined): HealthPart {
  return why === undefined ? { name, ok: true } : { name, ok: false, why };
}

function report(parts: readonly HealthPart[]): HealthReport {
  return { ok: parts.every(({ ok }) => ok), parts };
}
