import { isSample } from "../categories/read-sample.js";
import type { Decision, Target, TrainingTarget } from "../core/decision.js";
import { CATEGORIES, type Category, type LogRecord } from "../core/record.js";
import { ruleIdsOf } from "../core/rule-ids.js";
import { applyEdits } from "../pipeline/edits.js";
import type { StoredLine } from "../reading/stored-lines.js";
import { allTargets } from "../rules/decisions.js";
import { type Outcome, partFor } from "../rules/part.js";
import type { RuleSet } from "../rules/rule-set.js";

/** Lines that would go elsewhere, all in the same way and by the same rule. */
export interface Move {
  readonly from: readonly Category[];
  /** Empty where the new rules drop them, or keep a share of which they are not (`sampled`). */
  readonly to: readonly Category[];
  readonly sampled: boolean;
  /** The folders, tables and datasets: `raw`, `summary/<table>`, `training/<dataset>`, `tagged/<retention>`. */
  readonly places: { readonly from: readonly string[]; readonly to: readonly string[] };
  /** The rules that stored them, and the new ones that would decide and tag; null for the default. */
  readonly was: string | null;
  readonly rule: string | null;
  readonly count: number;
  readonly samples: readonly MoveSample[];
}

export interface MoveSample {
  readonly ts: string;
  readonly container: string;
  /** Its beginning. */
  readonly text: string;
}

/** What moves have in common that are counted as one. */
interface MoveSource extends Pick<Move, "was" | "rule" | "sampled"> {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Rules by what they decide; both are asked about the same records. */
export interface MoveRules {
  readonly next: RuleSet;
  /** Those in use. What both decide alike is no change of the new ones', wherever earlier rules stored it. */
  readonly current: RuleSet | undefined;
}

const SAMPLES = 3;
const SAMPLE_LENGTH = 200;

/** Counts, line by line, what would go elsewhere. */
export class Moves {
  readonly #rules: MoveRules;
  /** By rule, of those that stored the lines as far as they are known. */
  readonly #outcomes: ReadonlyMap<string, Outcome>;
  readonly #moves = new Map<string, Move & { count: number; samples: MoveSample[] }>();
  lines = 0;
  moved = 0;
  /** Stored otherwise than the rules in use decide, which is as the new ones do. */
  unlike = 0;

  constructor(rules: MoveRules) {
    this.#rules = rules;
    const { native, sigma } = rules.current ?? rules.next;
    this.#outcomes = new Map([...native, ...sigma].map(({ id, outcome }) => [id, outcome]));
  }

  add(line: StoredLine): void {
    const { next, current } = this.#rules;
    const { record } = line;
    this.lines++;
    const decision = next.classify(record);
    const to = placesOf(decision, record);
    const from = this.#storedPlaces(line);
    const target = to.join(" ");
    if (from.join(" ") === target) return;
    if (current !== undefined && placesOf(current.classify(record), record).join(" ") === target) {
      this.unlike++;
      return;
    }
    this.moved++;
    const move = this.#moveOf({
      from,
      to,
      was: line.rule ?? null,
      rule: rulesOf(decision),
      sampled: decision.sampled,
    });
    move.count++;
    if (move.samples.length < SAMPLES) move.samples.push(sampleOf(record));
  }

  /** The most frequent first. */
  list(): readonly Move[] {
    return [...this.#moves.values()].sort((a, b) => b.count - a.count);
  }

  /**
   * Where the line is: raw and tagged as they were read; tables and datasets, whose rows are no lines any more, as the
   * rules that are named in it have them.
   */
  #storedPlaces({ raw, tagged, rule, record }: StoredLine): string[] {
    const entries = (rule?.split(",") ?? []).flatMap((id) => {
      const outcome = this.#outcomes.get(id);
      // The line was stored by all of them, but may not have been of the share that one of them keeps.
      return outcome === undefined ? [] : partFor(outcome, record, false).targets.filter(isEntry);
    });
    return sorted([
      ...tagged.map((retention) => `tagged/${retention}`),
      ...(raw ? ["raw"] : []),
      ...entries.filter((target) => !isRefused(target, record)).map(placeOf),
    ]);
  }

  #moveOf({ from, to, ...how }: MoveSource) {
    const key = JSON.stringify([from, to, how]);
    let move = this.#moves.get(key);
    if (move === undefined) {
      const places = { from, to };
      move = { from: categoriesOf(from), to: categoriesOf(to), places, ...how, count: 0, samples: [] };
      this.#moves.set(key, move);
    }
    return move;
  }
}

function sampleOf({ ts, container, text }: LogRecord): MoveSample {
  return { ts, container: container.name, text: text.slice(0, SAMPLE_LENGTH) };
}

function categoriesOf(places: readonly string[]): Category[] {
  return CATEGORIES.filter((category) => places.some((place) => place.split("/", 1)[0] === category));
}

function rulesOf(decision: Decision): string | null {
  const ids = ruleIdsOf(decision);
  return ids.length === 0 ? null : ids.join(",");
}

/** Edited as the rules say, because features and labels can be what a rule has set. */
function placesOf(decision: Decision, record: LogRecord): string[] {
  const edited = { ...record };
  if (decision.actions !== undefined) applyEdits(edited, decision.actions.edits);
  const targets = allTargets(decision);
  return sorted(targets.map((target) => (isRefused(target, edited) ? "raw" : placeOf(target))));
}

function placeOf(target: Target): string {
  if (target.category === "summary") return `summary/${target.table}`;
  if (target.category === "training") return `training/${target.dataset}`;
  return target.category === "tagged" ? `tagged/${target.retention}` : "raw";
}

/** What is no sample goes to raw. */
function isRefused(target: Target, record: LogRecord): target is TrainingTarget {
  return target.category === "training" && !isSample(record, target);
}

function isEntry({ category }: Target): boolean {
  return category === "summary" || category === "training";
}

function sorted(places: readonly string[]): string[] {
  return [...new Set(places)].sort();
}
