import type { StreamName } from "../core/line.js";
import type { LogRecord } from "../core/record.js";
import { type Explanation, explain, type RuleAnswer } from "../rules/explain.js";
import { loadRules } from "../rules/load.js";
import type { RuleSetOptions } from "../rules/rule-set.js";
import { type ContainerSource, containerFrom, type Understand } from "../rules/test-record.js";
import type { Output } from "./output.js";

export interface ExplainOptions {
  readonly rulesDir: string;
  /** The lines to explain: the argument, or standard input. */
  readonly lines: Iterable<string> | AsyncIterable<string>;
  readonly container?: ContainerSource;
  readonly stream?: StreamName;
  readonly json: boolean;
  readonly understand: Understand;
  readonly logsources?: RuleSetOptions["logsources"];
}

/**
 * `log-sidecar explain`: which rule takes a line and why, which came near, what is written where. Returns 0.
 * @throws RulesInvalid when the rules cannot be used.
 */
export async function explainLines(options: ExplainOptions, output: Output): Promise<0> {
  const rules = await loadRules(options.rulesDir, { logsources: options.logsources ?? [] });
  const container = containerFrom(options.container);
  for await (const line of options.lines) {
    const record = options.understand(line, container, options.stream ?? "stdout");
    const explanation = explain(rules, record);
    output.write(
      options.json ? `${JSON.stringify(jsonOf(explanation))}\n` : `${explanationText(explanation)}\n\n`,
    );
  }
  return 0;
}

function jsonOf({ record, decision, ...rest }: Explanation): object {
  return { record: fieldsShown(record), rule: decision.rule ?? null, drop: decision.drop, ...rest };
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
    ...explanation.written.map(({ file, values }) => row("written", `${file}  ${pairs(values)}`)),
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
  return `${native.length === 0 ? "no rule; the default" : native.join(", then ")}${end}${added}`;
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
