import { isSample } from "../categories/read-sample.js";
import type { Decision, Target, TrainingTarget } from "../core/decision.js";
import { CATEGORIES, type Category, type LogRecord } from "../core/record.js";
import type { StoredLine } from "../reading/stored-lines.js";
import type { RuleSet } from "../rules/rule-set.js";

/** Lines that would go elsewhere, all in the same way and by the same rule. */
export interface Move {
  readonly from: readonly Category[];
  /** Empty where the new rules drop them. */
  readonly to: readonly Category[];
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
  /** By rule, of those that stored the lines as far as they are known: the targets whose entries are no lines. */
  readonly #entries: ReadonlyMap<string, readonly Target[]>;
  readonly #moves = new Map<string, Move & { count: number; samples: MoveSample[] }>();
  lines = 0;
  moved = 0;
  /** Stored otherwise than the rules in use decide, which is as the new ones do. */
  unlike = 0;

  constructor(rules: MoveRules) {
    this.#rules = rules;
    const { native, sigma } = rules.current ?? rules.next;
    this.#entries = new Map(
      [...native, ...sigma].map(({ id, outcome }) => [id, outcome.part.targets.filter(isEntry)]),
    );
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
    const move = this.#moveOf({ from, to, was: line.rule ?? null, rule: rulesOf(decision) });
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
    const entries = (rule?.split(",") ?? []).flatMap((id) => this.#entries.get(id) ?? []);
    return sorted([
      ...tagged.map((retention) => `tagged/${retention}`),
      ...(raw ? ["raw"] : []),
      ...entries.filter((target) => !isRefused(target, record)).map(placeOf),
    ]);
  }

  #moveOf({
    from,
    to,
    was,
    rule,
  }: {
    from: string[];
    to: string[];
    was: string | null;
    rule: string | null;
  }) {
    const key = JSON.stringify([from, to, was, rule]);
    let move = this.#moves.get(key);
    if (move === undefined) {
      const places = { from, to };
      move = { from: categoriesOf(from), to: categoriesOf(to), places, was, rule, count: 0, samples: [] };
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

/** The rules that decide, and those that tag beside them. */
function rulesOf({ rule, targets }: Decision): string | null {
  const tagged = targets.flatMap((target) => (target.category === "tagged" ? target.rule.split(",") : []));
  const ids = [...new Set([...(rule?.split(",") ?? []), ...tagged])].filter((id) => !OWN_NAMES.has(id));
  return ids.length === 0 ? null : ids.join(",");
}

/** What stands as `rule` of tagged records that no rule made. */
const OWN_NAMES = new Set(["default", "wish"]);

function placesOf({ targets }: Decision, record: LogRecord): string[] {
  return sorted(targets.map((target) => (isRefused(target, record) ? "raw" : placeOf(target))));
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
