import { type Container, namedContainer } from "../../../src/core/container.js";
import type { Decision, WaitingTargets } from "../../../src/core/decision.js";
import type { LogRecord } from "../../../src/core/record.js";
import { nsToTime } from "../../../src/core/time.js";
import { HeldRecords } from "../../../src/pipeline/held/held-records.js";
import { type Account, Ledger } from "../../../src/pipeline/ledger.js";
import { settling } from "../../../src/pipeline/settle.js";
import { silentTelemetry } from "../../../src/telemetry/telemetry.js";

export const START_NS = 1_769_900_399_000_000_000n;

/** The engine's time so many milliseconds after the start. */
export function timeAt(ms: number): string {
  return nsToTime(START_NS + BigInt(ms) * 1_000_000n);
}

export function waitingFor(values: Partial<WaitingTargets> = {}): WaitingTargets {
  return {
    rule: "noisy",
    windowMs: 1_000,
    by: undefined,
    targets: [{ category: "raw" }],
    taken: [],
    ...values,
  };
}

export function decisionOf(values: Partial<Decision>): Decision {
  return { rule: "noisy", targets: [], drop: false, sampled: false, actions: undefined, ...values };
}

export function recordAt(ms: number, message: string, values: Partial<LogRecord> = {}): LogRecord {
  return {
    ts: timeAt(ms),
    level: "info",
    component: "api",
    event_type: undefined,
    message,
    stream: "stdout",
    tags: undefined,
    data: undefined,
    dataText: undefined,
    wish: undefined,
    text: message,
    container: namedContainer("c1", "api-1"),
    truncated: false,
    lines: 1,
    repeated: undefined,
    last_ts: undefined,
    ...values,
  };
}

export interface Entry {
  readonly record: LogRecord;
  readonly rule: string | undefined;
  readonly targets: number;
}

/** What the last stage works on, with a store that is an array, and a clock that the test turns. */
export class World {
  readonly telemetry = silentTelemetry();
  readonly written: Entry[];
  readonly ledger: Ledger;
  readonly held: HeldRecords;
  nowMs = 0;
  readonly write = (record: LogRecord, { rule, targets }: Pick<Decision, "rule" | "targets">): number => {
    if (targets.length > 0) this.written.push({ record, rule, targets: targets.length });
    return targets.length;
  };

  /** As of a commit, or anew. */
  constructor(from: Partial<ReturnType<World["commit"]>> = {}) {
    this.written = from.written?.slice() ?? [];
    this.ledger = new Ledger(from.ledger);
    this.held = new HeldRecords({
      write: this.write,
      noteRecords: () => undefined,
      ledger: this.ledger,
      telemetry: this.telemetry,
      nowMs: () => this.nowMs,
    });
    this.held.restore(from.held, (rule, taken) => waitingFor({ rule, taken }));
  }

  /** As the last stage does with each record. */
  line(record: LogRecord, decision: Decision): void {
    const account = this.ledger.of(record.container);
    account.read += record.lines;
    this.held.passEngineTime(record.container.id, record.ts);
    const { held, telemetry, write } = this;
    const { counters, metrics } = telemetry;
    const options = { write, held, counters, metrics, sheds: () => false };
    settling(account, options)(record, decision);
  }

  remove(container: Container): void {
    this.held.endContainer(container.id);
    this.ledger.remove(container);
  }

  /** What a start after a kill would find. */
  commit() {
    return {
      written: this.written.slice(),
      ledger: JSON.parse(this.ledger.snapshot()) as unknown,
      held: JSON.parse(this.held.snapshot()) as unknown,
    };
  }
}

/** What does not add up in an account; 0 when all does. */
export function missingFrom(account: Account): number {
  const { read, written, collapsed, sampled, droppedByRule, droppedByLevel, held } = account;
  return read - written - collapsed - sampled - droppedByRule - droppedByLevel - held;
}
