import type { Container } from "../core/container.js";
import type { Decision, WaitingTargets } from "../core/decision.js";
import type { LogRecord } from "../core/record.js";
import { type DecisionNode, DecisionTree } from "./decisions.js";
import type { Place } from "./document.js";
import { nativeAccess } from "./fields.js";
import { type LogsourceSetting, logsourceOf } from "./logsource.js";
import { buildIndex } from "./match/compile.js";
import type { CandidateIndex } from "./match/types.js";
import type { NativeRule } from "./native.js";
import { type Outcome, onlyEdits, type Part, partFor } from "./part.js";
import { placeOf } from "./places.js";
import type { RuleProblem } from "./problems.js";
import { type AccessUses, usesOfRules } from "./rule-uses.js";
import type { TestSource } from "./schema.js";
import type { SigmaRule } from "./sigma.js";
import { SigmaScopes } from "./sigma-scopes.js";
import { Wishes, type WishOptions } from "./wishes.js";

/** Where a rule or test stands. */
export interface FilePlace extends Place {
  readonly file: string;
}

export interface RuleTest extends FilePlace {
  readonly source: TestSource;
}

/** What was read, before it is put together. */
export interface RuleSetSource {
  readonly native: readonly (NativeRule & FilePlace)[];
  readonly sigma: readonly (SigmaRule & FilePlace)[];
  readonly fallback: Outcome;
  readonly tests: readonly RuleTest[];
  /** Plain Sigma rules that could not be used; all others are. */
  readonly leftOut: readonly RuleProblem[];
  readonly files: readonly string[];
}

export interface RuleSetOptions {
  /** Log sources given by the settings to containers without the label. */
  readonly logsources?: readonly LogsourceSetting[];
  /** Sigma rules are asked about all containers, whatever their log source. */
  readonly anyLogsource?: boolean;
  /** Told once for each container whose label cannot be read; it counts as having no log source then. */
  readonly onLabelFault?: (container: Container, fault: string) => void;
  /** What lines may have that no rule matches and that say themselves where they belong. */
  readonly wishes?: WishOptions;
}

const RAW = { category: "raw" } as const;
const NOTHING: Pick<Part, "targets" | "dedupe"> = { targets: [], dedupe: undefined };

/** All rules of a folder, compiled. Never changes: a reload makes another. */
export class RuleSet {
  readonly native: RuleSetSource["native"];
  readonly sigma: RuleSetSource["sigma"];
  readonly tests: readonly RuleTest[];
  readonly leftOut: readonly RuleProblem[];
  readonly files: readonly string[];
  readonly scopes: SigmaScopes;
  readonly #fallback: Outcome;
  readonly #candidates: CandidateIndex<LogRecord>;
  readonly #tree = new DecisionTree();
  readonly #wishes: Wishes;
  readonly #uses = new WeakMap<object, readonly AccessUses[]>();

  constructor(source: RuleSetSource, options: RuleSetOptions = {}) {
    this.native = source.native;
    this.sigma = source.sigma;
    this.tests = source.tests;
    this.leftOut = source.leftOut;
    this.files = source.files;
    this.#fallback = source.fallback;
    this.#wishes = new Wishes(options.wishes);
    this.#candidates = buildIndex(
      source.native.map((rule) => rule.match),
      nativeAccess,
    );
    this.scopes = new SigmaScopes(source.sigma, {
      logsourceOf: (container) =>
        logsourceOf(container, options.logsources ?? [], (fault) => options.onLabelFault?.(container, fault)),
      anyLogsource: options.anyLogsource ?? false,
    });
  }

  /**
   * Where the record goes. Never throws, and allocates nothing for combinations of rules that were met before.
   * With `keepAll` rules that keep a share are taken to keep every line.
   */
  classify(record: LogRecord, keepAll = false): Decision {
    let node = this.#tree.root();
    let isTaken = false;
    const candidates = this.#candidates(record);
    for (let at = 0; at < candidates.length; at++) {
      const rule = this.native[candidates[at]!]!;
      if (!rule.match.test(record)) continue;
      node = this.#tree.step(node, partFor(rule.outcome, record, keepAll));
      isTaken ||= !onlyEdits(rule.outcome);
      if (!rule.source.continue) break;
    }
    if (!isTaken) node = this.#tree.step(node, this.#withoutRule(record));
    if (this.sigma.length > 0) node = this.#askSigma(node, record);
    return this.#tree.decide(node);
  }

  /** Every rule that matches, native ones first, whether or not an earlier one decides. */
  matching(record: LogRecord): readonly (NativeRule | SigmaRule)[] {
    const native = this.#candidates(record).map((at) => this.native[at]!);
    const sigma = this.scopes
      .of(record.container)
      .groups.flatMap(({ rules, candidates }) => candidates(record).map((at) => rules[at]!));
    return [...native, ...sigma].filter((rule) => rule.match.test(record));
  }

  /**
   * What an earlier run kept a record back for, as the rules stand now; a rule that is gone writes to raw.
   * `taken` are the places that had the record at once.
   */
  waitingAgain(rule: string, taken: readonly string[], record: LogRecord): WaitingTargets {
    const { outcome } = this.native.find(({ id }) => id === rule) ?? {};
    const { targets, dedupe } = outcome === undefined ? NOTHING : partFor(outcome, record, true);
    const left = targets.filter((target) => !taken.includes(placeOf(target)));
    const toRaw = left.length === 0 && !taken.includes(RAW.category);
    return { rule, windowMs: 0, by: undefined, ...dedupe, targets: toRaw ? [RAW] : left, taken };
  }

  /** All that rules look at in lines of the container, and how they reach it. One object for containers with the same rules. */
  usesOf(container: Container): readonly AccessUses[] {
    const scope = this.scopes.of(container);
    let uses = this.#uses.get(scope);
    if (uses === undefined) {
      uses = usesOfRules(this.native, scope);
      this.#uses.set(scope, uses);
    }
    return uses;
  }

  /** The Sigma rules that none of these containers is a log source for. */
  inactive(containers: readonly Container[]): readonly SigmaRule[] {
    return this.scopes.inactive(containers);
  }

  #withoutRule(record: LogRecord) {
    return record.wish === undefined ? partFor(this.#fallback, record, true) : this.#wishes.part(record);
  }

  #askSigma(start: DecisionNode, record: LogRecord): DecisionNode {
    let node = start;
    const { groups } = this.scopes.of(record.container);
    for (let group = 0; group < groups.length; group++) {
      const { rules, candidates } = groups[group]!;
      const found = candidates(record);
      for (let at = 0; at < found.length; at++) {
        const rule = rules[found[at]!]!;
        if (rule.match.test(record)) node = this.#tree.step(node, partFor(rule.outcome, record, true));
      }
    }
    return node;
  }
}
