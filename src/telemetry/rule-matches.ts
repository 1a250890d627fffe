import type { Decision } from "../core/decision.js";
import { ruleIdsOf } from "../core/rule-ids.js";
import { type Recent, RecentCounts } from "./recent-counts.js";

/** Decisions that are counted before they are added up by rule: a reload makes new ones. */
const MOST_DECISIONS = 2_000;
/** Names of rules that were met; those of rules that are gone stay. */
const MOST_RULES = 2_000;
const REST = "_other";
/** What is counted is of the minute in which it is added up, so that is done as often. */
const ADD_UP_MS = 60_000;

interface Counted {
  total: number;
  readonly recent: RecentCounts;
}

/** How many lines each rule took or tagged. Counts decisions, of which there are few, and adds up each minute and when asked. */
export class RuleMatches {
  readonly #byDecision = new Map<Decision, number>();
  readonly #byRule = new Map<string, Counted>();
  readonly #now: () => number;
  /** When something was counted last, and when it was added up. */
  #lastMs = 0;
  #addedUpMs = 0;

  /** `now`: milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** For each run of records with the same decision, not for each record. */
  add(decision: Decision, lines: number): void {
    const now = this.#now();
    const before = this.#byDecision.get(decision);
    const isFull = before === undefined && this.#byDecision.size >= MOST_DECISIONS;
    if (isFull || now - this.#addedUpMs >= ADD_UP_MS || now < this.#addedUpMs) this.#addUp(now);
    this.#byDecision.set(decision, (this.#byDecision.get(decision) ?? 0) + lines);
    this.#lastMs = now;
  }

  /** Lines by rule since the start; lines that no rule took are in none. */
  totals(): ReadonlyMap<string, number> {
    this.#addUp(this.#now());
    return new Map([...this.#byRule].map(([rule, { total }]) => [rule, total]));
  }

  /** Lines that a rule took in the last hour and day, and when the last; undefined where there was none. */
  recent(rule: string): Recent | undefined {
    const now = this.#now();
    this.#addUp(now);
    return this.#byRule.get(rule)?.recent.read(now);
  }

  #addUp(now: number): void {
    for (const [decision, lines] of this.#byDecision) {
      for (const rule of ruleIdsOf(decision)) this.#addTo(rule, lines);
    }
    this.#byDecision.clear();
    this.#addedUpMs = now;
  }

  #addTo(rule: string, lines: number): void {
    const isNew = !this.#byRule.has(rule);
    const name = isNew && this.#byRule.size >= MOST_RULES ? REST : rule;
    const counted = this.#byRule.get(name) ?? { total: 0, recent: new RecentCounts() };
    this.#byRule.set(name, counted);
    counted.total += lines;
    counted.recent.add(lines, this.#lastMs);
  }
}
