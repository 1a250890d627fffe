import { RecordLine } from "../categories/record-line.js";
import type { StreamName } from "../core/line.js";
import type { LogRecord } from "../core/record.js";
import { applyEdits } from "../pipeline/edits.js";
import { rulingJson } from "../pipeline/ruling-json.js";
import { type Explanation, explain, type RuleActions, type RuleAnswer, ruleOn } from "../rules/explain.js";
import { type LoadOptions, loadRules } from "../rules/load.js";
import { type ContainerSource, containerFrom, type Understand } from "../rules/test-record.js";
import { BatchedOutput } from "./batched-output.js";
import type { Output } from "./output.js";
import { isTerminal } from "./progress.js";
import { escaped } from "./visible.js";

export interface ExplainOptions extends Pick<LoadOptions, "logsources" | "fieldAliases" | "anyLogsource"> {
  readonly rulesDir: string;
  /** The lines to explain: the argument, or standard input. */
  readonly lines: Iterable<string> | AsyncIterable<string>;
  readonly container?: ContainerSource;
  readonly stream?: StreamName;
  readonly json: boolean;
  readonly understand: Understand;
}

/**
 * `log-sidecar explain`: which rule takes a line and why, which came near, what is written where. With `json` an object
 * a line, without the reasons, so that it keeps up with any pipe. Returns 0.
 * @throws RulesInvalid when the rules cannot be used.
 */
export async function explainLines(options: ExplainOptions, output: Output): Promise<0> {
  const { rulesDir, json, understand, stream = "stdout", ...loading } = options;
  const rules = await loadRules(rulesDir, loading);
  const container = containerFrom(options.container);
  const recordLine = new RecordLine();
  const batched = new BatchedOutput(output);
  for await (const line of options.lines) {
    const record = understand(line, container, stream);
    const text = json
      ? `${rulingJson(ruleOn(rules, record, applyEdits), recordLine)}\n`
      : `${explanationText(explain(rules, record, applyEdits))}\n\n`;
    // The text is for people wherever it goes; JSON for a program is as it will be stored.
    const waiting = batched.write(json && !isTerminal(output) ? text : escaped(text));
    if (waiting !== undefined) await waiting;
    if (batched.gone) break;
  }
  await batched.flush();
  return 0;
}

function fieldsShown(record: LogRecord): Record<string, unknown> {
  const { level, component, event_type, message, stream, tags, wish } = record;
  return { level, component, event_type, message, stream, tags, category: wish };
}

function explanationText(explanation: Explanation): string {
  return [
    row("record", pairs(fieldsShown(explanation.record))),
    row("decided", decidedText(explanation)),
    ...explanation.took.flatMap((answer) => [row("asked", titleOf(answer)), ...answerLines(answer)]),
    ...explanation.actions.flatMap(actionLines),
    ...explanation.written.map(({ file, every, values }) =>
      row("written", `${file}  ${every === undefined ? "" : `(in windows of ${every})  `}${pairs(values)}`),
    ),
    ...explanation.metrics.map(({ name, value, labels }) =>
      row("measured", `${name} ${pairs({ value, ...labels })}`),
    ),
    ...explanation.late.map((answer) =>
      row("late", `${titleOf(answer)} matches too, but an earlier rule ended the search`),
    ),
    ...explanation.near.flatMap((answer) => [
      row("near", `${titleOf(answer)}: ${Math.round(answer.held * 100)} % of it held`),
      ...answerLines(answer),
    ]),
    ...notAskedLines(explanation.notAsked),
  ].join("\n");
}

function row(name: string, text: string): string {
  return `${name.padEnd(9)}${text}`.trimEnd();
}

function decidedText({ by, took, decision }: Explanation): string {
  const end = decision.drop ? "; it is dropped" : "";
  if (by === "wish") return `no rule; the line's own \`category\`${end}`;
  const sigma = took.filter((answer) => answer.sigma).map(({ rule }) => rule);
  const native = took.filter((answer) => !answer.sigma).map(({ rule }) => rule);
  const added = sigma.length === 0 ? "" : `; tagged by Sigma: ${sigma.join(", ")}`;
  if (by === "default" && native.length > 0) native.push("the default");
  return `${native.length === 0 ? "no rule; the default" : native.join(", then ")}${end}${added}`;
}

function actionLines({ rule, sample, dedupe, set, redact }: RuleActions): string[] {
  const edits = [
    ...Object.entries(set ?? {}).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
    ...(redact ?? []).map((path) => `${path} redacted`),
  ];
  const share = sample === undefined ? "" : `${Number((sample * 100).toPrecision(4))} %`;
  const by = dedupe?.by === undefined ? "" : ` in ${dedupe.by.join(", ")}`;
  return [
    ...(edits.length === 0 ? [] : [row("edited", `${edits.join(", ")} (${rule})`)]),
    ...(share === "" ? [] : [row("sampled", `${rule} keeps ${share} of its lines; this is one of them`)]),
    ...(dedupe === undefined
      ? []
      : [
          row(
            "deduped",
            `${rule} makes one record of all that are equal${by} within ${dedupe.window / 1000} s`,
          ),
        ]),
  ];
}

function titleOf({ rule, file, line }: RuleAnswer): string {
  return `${rule} (${file}:${line})`;
}

function answerLines({ answers }: RuleAnswer): string[] {
  return answers.map(({ text, held, depth }) => row("", `${"  ".repeat(depth)}${held ? "✓" : "✗"} ${text}`));
}

function notAskedLines(notAsked: readonly string[]): string[] {
  if (notAsked.length === 0) return [];
  const more = notAsked.length > 3 ? ` and ${notAsked.length - 3} more` : "";
  return [row("not asked", ` Sigma rules for other log sources: ${notAsked.slice(0, 3).join(", ")}${more}`)];
}

function pairs(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(" ");
}
