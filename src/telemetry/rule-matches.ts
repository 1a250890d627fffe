import type { Decision } from "../core/decision.js";
import { ruleIdsOf } from "../core/rule-ids.js";

/** Decisions that are counted before they are added up by rule: a reload makes new ones. */
const MOST_DECISIONS = 2_000;
/** Names of rules that were met; those of rules that are gone stay. */
const MOST_RULES = 2_000;
const REST = "_other";

/** How many lines each rule took or tagged. Counts decisions, of which there are few, and adds up when asked. */
export class RuleMatches {
  readonly #byDecision = new Map<Decision, number>();
  readonly #byRule = new Map<string, number>();

  /** For each run of records with the same decision, not for each record. */
  add(decision: Decision, lines: number): void {
    const before = this.#byDecision.get(decision);
    if (before === undefined && this.#byDecision.size >= MOST_DECISIONS) this.#addUp();
    this.#byDecision.set(decision, (before ?? 0) + lines);
  }

  /** Lines by rule; lines that no rule took are in none. */
  totals(): ReadonlyMap<string, number> {
    this.#addUp();
    return this.#byRule;
  }

  #addUp(): void {
    for (const [decision, lines] of this.#byDecision) {
      for (const rule of ruleIdsOf(decision)) this.#addTo(rule, lines);
    }
    this.#byDecision.clear();
  }

  #addTo(rule: string, lines: number): void {
    const isNew = !this.#byRule.has(rule);
    const name = isNew && this.#byRule.size >= MOST_RULES ? REST : rule;
    this.#byRule.set(name, (this.#byRule.get(name) ?? 0) + lines);
  }
}
