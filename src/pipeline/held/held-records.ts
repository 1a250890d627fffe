import type { RecordTargets } from "../../categories/writers.js";
import type { WaitingTargets } from "../../core/decision.js";
import type { LogRecord } from "../../core/record.js";
import type { CommitPart } from "../../core/segment.js";
import { heldEarly } from "../../telemetry/pipeline-events.js";
import type { Telemetry } from "../../telemetry/telemetry.js";
import type { Ledger } from "../ledger.js";
import { isUrgent } from "../urgency.js";
import { equalKey } from "./equal-key.js";
import { type Hold, heldRecord, makeHold, recordFrom } from "./hold.js";
import { Holds } from "./holds.js";
import { readSnapshot, snapshotText } from "./stored-holds.js";

export interface HeldRecordsOptions {
  readonly write: (record: LogRecord, decision: RecordTargets, hasRaw: boolean) => number;
  readonly noteRecords: (count: number, urgent: boolean) => void;
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  /** Milliseconds of a clock that only rises; a test has its own. */
  readonly nowMs?: () => number;
}

/** What a record that is to be held needs besides itself. */
export interface HoldRequest {
  readonly waiting: WaitingTargets;
  /** Written as `rule` in raw. */
  readonly rule: string | undefined;
  /** Lines that the ledger is to count; 0 where they are counted already. */
  readonly lines: number;
}

/** At both limits a commit takes some 10 ms longer. */
const LIMITS = { count: 2_000, size: 4 * 1024 * 1024 };
/** Windows that end one soon after the other are ended together. */
const LEAST_PAUSE_MS = 50;

/**
 * Records that a rule's `dedupe` keeps back until equal ones can no longer come, and then writes as one. Durable together with
 * the positions of their lines: after a kill each is held again as of the last commit.
 */
export class HeldRecords implements CommitPart {
  readonly name = "held";
  readonly #options: HeldRecordsOptions;
  readonly #nowMs: () => number;
  readonly #holds: Holds;
  #timer: NodeJS.Timeout | undefined;
  #timerMs = Number.POSITIVE_INFINITY;

  constructor(options: HeldRecordsOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#holds = new Holds({ limits: LIMITS, onOver: (hold, isEarly) => this.#writeOut(hold, isEarly) });
  }

  get count(): number {
    return this.#holds.count;
  }

  /** Holds again what was held at the last commit, for what the rules say now. */
  restore(
    restored: unknown,
    waitingAgain: (rule: string, taken: readonly string[], record: LogRecord) => WaitingTargets,
  ): void {
    for (const stored of readSnapshot(restored)) {
      const { container, rule, lines, repeated, lastTs } = stored;
      const record = { ...recordFrom(stored.recordText, container), repeated, last_ts: lastTs };
      const waiting = waitingAgain(stored.ruleOfDedupe, stored.taken, record);
      this.#add(record, { waiting, rule, lines });
    }
  }

  /** The record waits, or became part of one that does. The lines of the request are counted as what it says. */
  take(record: LogRecord, request: HoldRequest): "held" | "collapsed" {
    const key = equalKey(record, request.waiting);
    const hold = this.#holds.find(key, record.ts);
    if (hold === undefined) {
      this.#add(record, request, key);
      return "held";
    }
    hold.repeated += 1;
    if (record.ts > hold.lastTs) hold.lastTs = record.ts;
    return "collapsed";
  }

  /** A line of the container with this engine time came: windows that end before it are over. */
  passEngineTime(containerId: string, ts: string): void {
    this.#holds.passEngineTime(containerId, ts);
  }

  /** The container is gone. */
  endContainer(containerId: string): void {
    this.#holds.endContainer(containerId);
  }

  /** Writes everything that is held; no more lines will come. */
  end(): void {
    this.#holds.endAll();
  }

  /** The clock ends no more windows; what is held stays in the snapshot. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  snapshot(): string {
    return snapshotText(this.#holds.list());
  }

  #add(record: LogRecord, request: HoldRequest, key = equalKey(record, request.waiting)): void {
    const hold = makeHold({ ...request, record, key, nowMs: this.#nowMs() });
    this.#holds.add(hold);
    this.#arm(hold.dueMs);
  }

  #writeOut(hold: Hold, isEarly: boolean): void {
    const { write, ledger, telemetry, noteRecords } = this.#options;
    const { waiting, rule, lines, container } = hold;
    const record = heldRecord(hold);
    write(record, { rule, targets: waiting.targets, drop: false }, waiting.taken.includes("raw"));
    const account = ledger.existing(container.id);
    account.held -= lines;
    account.written += lines;
    noteRecords(1, isUrgent(record, waiting.targets));
    if (isEarly) heldEarly(telemetry, waiting.rule);
  }

  #arm(dueMs: number): void {
    if (dueMs >= this.#timerMs) return;
    clearTimeout(this.#timer);
    this.#timerMs = dueMs;
    const pauseMs = Math.max(LEAST_PAUSE_MS, dueMs - this.#nowMs());
    this.#timer = setTimeout(() => this.#passClock(), pauseMs).unref();
  }

  #passClock(): void {
    this.#timerMs = Number.POSITIVE_INFINITY;
    const nextMs = this.#holds.passClock(this.#nowMs());
    if (nextMs !== undefined) this.#arm(nextMs);
  }
}
