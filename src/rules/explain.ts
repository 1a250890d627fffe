import type { Decision, RuleMetric, Target } from "../core/decision.js";
import { safeName } from "../core/names.js";
import { LEVEL_RANK, type LogRecord } from "../core/record.js";
import type { ActionsSource } from "./action-schema.js";
import { allTargets } from "./decisions.js";
import { logsourceText } from "./logsource.js";
import type { ExplainNode } from "./match/types.js";
import type { NativeRule } from "./native.js";
import type { RuleSet } from "./rule-set.js";
import { fieldsOf } from "./self-test.js";
import type { SigmaRule } from "./sigma.js";
import type { EditRecord } from "./test-record.js";
import { lengthText } from "./window-length.js";

/** One line of a rule's question and whether it held, indented by `depth`. */
export interface Answer {
  readonly text: string;
  readonly held: boolean;
  readonly depth: number;
}

/** How a rule answered to a record. */
export interface RuleAnswer {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly sigma: boolean;
  /** The share of its parts that held, from 0 to 1; 1 is a match. */
  readonly held: number;
  readonly answers: readonly Answer[];
}

/** What would be written to one place. */
export interface WrittenTo {
  readonly category: Target["category"];
  /** Below the log folder, with `<date>` where the day stands. */
  readonly file: string;
  /** How long the windows are, such as `1m`, where records are counted in windows. */
  readonly every?: string;
  /** Columns, groups, features and label with the values of this record; the severity and tags of tagged. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a rule does with a record beside sending it somewhere; undefined what it does not do. */
export interface RuleActions extends ActionsSource {
  readonly rule: string;
}

/**
 * What becomes of a record, without the reasons: as one that is kept where a rule keeps a share, and that happened once.
 */
export interface Ruling {
  /** After the edits of the rules. */
  readonly record: LogRecord;
  readonly decision: Decision;
  /** `rule`: native rules; `wish`: the line's own `category`; `default`: no native rule matched. */
  readonly by: "rule" | "wish" | "default";
  /** Ids of all rules that match, native ones first; those that come after the one that decides are among them. */
  readonly matched: readonly string[];
  /** Of the rules that were heard, those that do more than send the record somewhere. */
  readonly actions: readonly RuleActions[];
  readonly written: readonly WrittenTo[];
  /** What the rules measure in it. */
  readonly metrics: readonly MeasuredBy[];
}

/** A value for a metric, with its labels. */
export interface MeasuredBy {
  readonly name: string;
  readonly value: unknown;
  readonly labels: Readonly<Record<string, unknown>>;
}

export interface Explanation extends Ruling {
  /** Native rules that decided and Sigma rules that added. */
  readonly took: readonly RuleAnswer[];
  /** Rules that matched but came after one that ended the search. */
  readonly late: readonly RuleAnswer[];
  /** Rules of which most parts held, the nearest first. */
  readonly near: readonly RuleAnswer[];
  /** Sigma rules not asked, because the container is not of their log source. */
  readonly notAsked: readonly string[];
}

const NEAR_LIMIT = 5;
/** Most parts, so more than this. */
const NEAR_SHARE = 0.5;

/** Where a record goes and which rules match it. Asks few rules, as classifying does: for any number of lines. */
export function ruleOn(rules: RuleSet, record: LogRecord, edit: EditRecord): Ruling {
  const decision = rules.classify(record, true);
  const matching = rules.matching(record);
  // What the rules are asked about stays as the app said it.
  const edited = { ...record };
  if (decision.actions !== undefined) edit(edited, decision.actions.edits);
  return {
    record: edited,
    decision,
    by: decision.rule !== undefined ? "rule" : record.wish === undefined ? "default" : "wish",
    matched: matching.map(({ id }) => id),
    actions: actionsOf(matching),
    written: allTargets(decision).map((target) => writtenTo(target, edited)),
    metrics: (decision.metrics ?? []).map((metric) => measuredBy(metric, edited)),
  };
}

/** Why a record goes where it goes. Asks every rule in all its parts, so it is for people, not for every line. */
export function explain(rules: RuleSet, record: LogRecord, edit: EditRecord): Explanation {
  const ruling = ruleOn(rules, record, edit);
  const native = rules.native.map((rule) => answerOf(rule, record, false));
  const asked = new Set<SigmaRule>(rules.scopes.of(record.container).rules);
  const sigma = rules.sigma.filter((rule) => asked.has(rule)).map((rule) => answerOf(rule, record, true));
  const matching = native.filter((answer) => answer.held === 1);
  const decided = new Set(heard(rules.native.filter(({ match }) => match.test(record))).map(({ id }) => id));
  const took = matching.filter((answer) => decided.has(answer.rule));
  return {
    ...ruling,
    took: [...took, ...sigma.filter((answer) => answer.held === 1)],
    late: matching.filter((answer) => !decided.has(answer.rule)),
    near: nearest([...native, ...sigma]),
    notAsked: rules.sigma
      .filter((rule) => !asked.has(rule))
      .map((rule) => `${rule.id} (${logsourceText(rule.logsource)})`),
  };
}

/** Without a number there is no value, which is what people look for here: so what the field holds is shown. */
export function measuredBy({ declaration, value, labels }: RuleMetric, record: LogRecord): MeasuredBy {
  const { name, labelNames } = declaration;
  const entries = labelNames.map((label, at) => [label, labels[at]?.(record)]);
  return { name, value: value === undefined ? 1 : value(record), labels: Object.fromEntries(entries) };
}

/** Native rules up to the one that ends the search. */
function heard<T extends Pick<NativeRule, "source">>(matching: readonly T[]): T[] {
  const end = matching.findIndex(({ source }) => !source.continue);
  return matching.slice(0, end < 0 ? matching.length : end + 1);
}

function actionsOf(matching: readonly (NativeRule | SigmaRule)[]): RuleActions[] {
  const native = matching.filter((rule) => "source" in rule);
  return heard(native).flatMap(({ id, source: { sample, dedupe, set, redact } }) => {
    const actions = { sample, dedupe, set, redact };
    return Object.values(actions).every((action) => action === undefined) ? [] : [{ rule: id, ...actions }];
  });
}

interface AskedRule {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly match: { readonly explain: ExplainNode<LogRecord>; test(record: LogRecord): boolean };
}

function answerOf(rule: AskedRule, record: LogRecord, sigma: boolean): RuleAnswer {
  const { explain: node, test } = rule.match;
  const held = test(record) ? 1 : Math.min(share(node, record), 0.99);
  return { rule: rule.id, file: rule.file, line: rule.line, sigma, held, answers: answers(node, record, 0) };
}

/** The share of a question that held. A `not` that failed was near: all else about it held. */
function share(node: ExplainNode<LogRecord>, record: LogRecord): number {
  if (node.test(record)) return 1;
  if (node.children.length === 0) return 0;
  const shares = node.children.map((child) => share(child, record));
  return shares.reduce((sum, part) => sum + part, 0) / shares.length;
}

function answers(node: ExplainNode<LogRecord>, record: LogRecord, depth: number): Answer[] {
  const answer = { text: node.text, held: node.test(record), depth };
  return [answer, ...node.children.flatMap((child) => answers(child, record, depth + 1))];
}

function nearest(all: readonly RuleAnswer[]): RuleAnswer[] {
  return all
    .filter((answer) => answer.held < 1 && answer.held > NEAR_SHARE)
    .sort((a, b) => b.held - a.held)
    .slice(0, NEAR_LIMIT);
}

function writtenTo(target: Target, record: LogRecord): WrittenTo {
  const { category } = target;
  const values = Object.fromEntries(fieldsOf(target).map(({ name, read }) => [name, read(record)]));
  const file = `${category}/${fileOf(target, record)}`;
  if (target.category === "summary" && target.windows !== undefined) {
    return { category, file, every: lengthText(target.windows.everyMs), values };
  }
  if (category !== "tagged") return { category, file, values };
  const tags = [...new Set([...(record.tags ?? []), ...target.tags])];
  return { category, file, values: { rule: target.rule, severity: target.severity, tags } };
}

function fileOf(target: Target, record: LogRecord): string {
  switch (target.category) {
    case "raw": {
      const stem = LEVEL_RANK[record.level] >= LEVEL_RANK.error ? "error" : "log";
      return `${safeName(record.component)}/${stem}_<date>.jsonl`;
    }
    case "summary":
      return `${safeName(target.table)}/${safeName(target.table)}_<date>.csv`;
    case "training":
      return `${safeName(target.dataset)}/${safeName(target.dataset)}_<date>_<n>.${target.format}`;
    case "tagged":
      return `${target.retention}/events_<date>.jsonl`;
  }
}
