import { isDeepStrictEqual } from "node:util";
import type { Decision, NamedField, TaggedTarget, Target } from "../core/decision.js";
import type { LogRecord } from "../core/record.js";
import { allTargets } from "./decisions.js";
import { readField } from "./fields.js";
import { numberOf } from "./match/text.js";
import type { RuleProblem } from "./problems.js";
import type { RuleSet, RuleTest } from "./rule-set.js";
import { type EditRecord, recordOf, type Understand } from "./test-record.js";

/**
 * Runs the tests that stand in the rule files against all rules together; what did not hold is a problem at its place. They see
 * the record after it was edited, as one that is kept where a rule keeps a share, and happened once.
 */
export function runTests(rules: RuleSet, understand: Understand, edit: EditRecord): RuleProblem[] {
  return rules.tests.flatMap((test) => {
    const record = recordOf(test.source, understand);
    const decision = rules.classify(record, true);
    edit(record, decision.actions?.edits ?? []);
    const faults = faultsOf(test, record, decision);
    const { file, line, column } = test;
    return faults.map((fault) => ({ file, line, column, message: `the test does not hold: ${fault}` }));
  });
}

function faultsOf({ source }: RuleTest, record: LogRecord, decision: Decision): string[] {
  const targets = allTargets(decision);
  const tagged = targets.filter((target) => target.category === "tagged");
  const asked = [
    source.rule,
    source.sigma,
    source.to,
    source.values,
    source.tags,
    source.severity,
    source.metrics,
  ];
  if (asked.every((part) => part === undefined)) {
    return ["it expects nothing; say `rule`, `to`, `values`, `tags`, `severity` or `sigma`"];
  }
  return [
    ...different("rule", source.rule, decision.rule ?? null),
    ...different("to", source.to && sorted(source.to), sorted(categoriesOf(decision))),
    ...different("sigma", source.sigma && sorted(source.sigma), sorted(sigmaIds(decision, tagged))),
    ...different("severity", source.severity, tagged[0]?.severity),
    ...missingTags(source.tags ?? [], record, tagged),
    ...Object.entries(source.values ?? {}).flatMap(([name, value]) =>
      different(`values.${name}`, value, writtenValue(name, record, targets)),
    ),
    ...Object.entries(source.metrics ?? {}).flatMap(([name, value]) =>
      different(`metrics.${name}`, value, measuredValue(name, record, decision)),
    ),
  ];
}

function different(name: string, expected: unknown, actual: unknown): string[] {
  if (expected === undefined || isDeepStrictEqual(expected, actual)) return [];
  return [`\`${name}\` is ${text(actual)}, expected ${text(expected)}`];
}

function text(value: unknown): string {
  return value === undefined ? "absent" : JSON.stringify(value);
}

function sorted<T>(items: readonly T[]): T[] {
  return [...new Set(items)].sort();
}

/** Nothing at all for a line that a rule drops. */
export function categoriesOf(decision: Decision): string[] {
  return allTargets(decision).map((target) => target.category);
}

function sigmaIds(decision: Decision, tagged: readonly TaggedTarget[]): string[] {
  const native = new Set(["default", "wish", ...(decision.rule?.split(",") ?? [])]);
  return tagged.flatMap((target) => target.rule.split(",")).filter((id) => !native.has(id));
}

function missingTags(
  expected: readonly string[],
  record: LogRecord,
  tagged: readonly TaggedTarget[],
): string[] {
  const found = [...(record.tags ?? []), ...tagged.flatMap((target) => target.tags)];
  const missing = expected.filter((tag) => !found.includes(tag));
  return missing.length === 0 ? [] : [`\`tags\` are ${text(found)}, without ${missing.join(", ")}`];
}

/** What would be written under this name: a column, a feature, a label; else the record's field of that name. */
function writtenValue(name: string, record: LogRecord, targets: readonly Target[]): unknown {
  const named = targets.flatMap(fieldsOf).find((field) => field.name === name);
  return (named?.read ?? readField(name))(record);
}

function measuredValue(name: string, record: LogRecord, { metrics = [] }: Decision): unknown {
  const metric = metrics.find(({ declaration }) => declaration.name === name);
  return metric?.value === undefined ? metric && 1 : numberOf(metric.value(record));
}

/** The named values of a target. */
export function fieldsOf(target: Target): readonly NamedField[] {
  if (target.category === "summary") return [...(target.windows?.by ?? []), ...target.columns];
  if (target.category !== "training") return [];
  const { features, label, weight, fields } = target;
  return [...features, ...[label, weight].filter((field) => field !== undefined), ...fields];
}
