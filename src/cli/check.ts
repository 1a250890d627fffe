import type { Container } from "../core/container.js";
import { SidecarError } from "../core/errors.js";
import { applyEdits } from "../pipeline/edits.js";
import { readFolder } from "../rules/folder.js";
import { hiddenRules } from "../rules/hidden.js";
import { type LoadOptions, readRules } from "../rules/load.js";
import { logsourceText } from "../rules/logsource.js";
import { problemText, type RuleProblem } from "../rules/problems.js";
import { RuleSet } from "../rules/rule-set.js";
import { runTests } from "../rules/self-test.js";
import { containerFrom, type Understand } from "../rules/test-record.js";
import type { Output } from "./output.js";
import { visible } from "./visible.js";

export interface CheckOptions {
  readonly rulesDir: string;
  readonly json: boolean;
  /** Published rules that need what is not to be had here count as errors. */
  readonly strict: boolean;
  readonly understand: Understand;
  readonly logsources?: LoadOptions["logsources"];
  readonly fieldAliases?: LoadOptions["fieldAliases"];
  /** Asks for the containers that are there: their log sources make Sigma rules active. Asked only when it matters. */
  readonly containers?: () => Promise<readonly Container[]>;
}

/** A published rule can be left out for a mistake, or as `unsupported`, which is a warning. */
type ProblemKind = "error" | "left-out" | "unsupported" | "test";

/** What `--json` prints. */
export interface CheckReport {
  readonly ok: boolean;
  readonly files: number;
  readonly rules: number;
  readonly sigma: number;
  readonly tests: number;
  readonly problems: readonly (RuleProblem & { readonly kind: ProblemKind })[];
  readonly hidden: readonly { rule: string; file: string; line: number; column: number; by: string }[];
  /** Sigma rules for whose log source no container is known. */
  readonly inactive: readonly { rule: string; title: string; logsource: string }[];
}

/** `log-sidecar check`: all errors of the rules, their tests, and what would never be asked. Returns 0 or 78. */
export async function check(options: CheckOptions, output: Output): Promise<0 | 78> {
  const report = await makeReport(options);
  output.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report, options));
  return report.ok ? 0 : 78;
}

async function makeReport(options: CheckOptions): Promise<CheckReport> {
  try {
    return await checkFolder(options);
  } catch (error) {
    // People read of a folder that can't be read as of any other error: it has no line.
    if (!(error instanceof SidecarError) || !options.json) throw error;
    const problem = { file: options.rulesDir, line: 1, column: 1, message: error.message };
    return emptyReport([{ ...problem, kind: "error" }]);
  }
}

async function checkFolder(options: CheckOptions): Promise<CheckReport> {
  const folder = await readFolder(options.rulesDir);
  const { files } = folder;
  const { source, fatal } = await readRules(folder, { fieldAliases: options.fieldAliases ?? [] });
  const errors = fatal.map((problem) => ({ ...problem, kind: "error" as const }));
  const leftOut = source.leftOut.map(leftOutProblem);
  if (errors.length > 0) return { ...emptyReport([...errors, ...leftOut]), files: files.length };

  const rules = new RuleSet(source, { logsources: options.logsources ?? [] });
  const failed = runTests(rules, options.understand, applyEdits).map((problem) => ({
    ...problem,
    kind: "test" as const,
  }));
  const problems = [...leftOut, ...failed];
  return {
    ok: problems.every(({ kind }) => kind === "unsupported" && !options.strict),
    files: files.length,
    rules: rules.native.length,
    sigma: rules.sigma.length,
    tests: rules.tests.length,
    problems,
    hidden: hiddenRules(rules.native).map(({ hidden, by }) => ({
      rule: hidden.id,
      file: hidden.file,
      line: hidden.line,
      column: hidden.column,
      by: `${by.id} (${by.file}:${by.line})`,
    })),
    inactive: await inactiveRules(rules, options),
  };
}

function leftOutProblem({ unsupported, ...problem }: RuleProblem): CheckReport["problems"][number] {
  return { ...problem, kind: unsupported === true ? "unsupported" : "left-out" };
}

/** Containers that stand for the log sources of the settings count as being there. */
async function inactiveRules(rules: RuleSet, options: CheckOptions): Promise<CheckReport["inactive"]> {
  const named = (options.logsources ?? []).map(({ service, image }) =>
    containerFrom({
      ...(image === undefined ? {} : { image }),
      ...(service === undefined ? {} : { labels: { "com.docker.compose.service": service } }),
    }),
  );
  const containers = rules.inactive(named).length === 0 ? [] : ((await options.containers?.()) ?? []);
  return rules
    .inactive([...containers, ...named])
    .map(({ id, title, logsource }) => ({ rule: id, title, logsource: logsourceText(logsource) }));
}

function emptyReport(problems: CheckReport["problems"]): CheckReport {
  return { ok: false, files: 0, rules: 0, sigma: 0, tests: 0, problems, hidden: [], inactive: [] };
}

const KIND_TEXT: Readonly<Record<ProblemKind, string>> = {
  error: "",
  "left-out": "left out: ",
  unsupported: "warning: left out: ",
  test: "",
};

function reportText(report: CheckReport, options: CheckOptions): string {
  const lines = report.problems.map((problem) =>
    problemText({ ...problem, message: `${KIND_TEXT[problem.kind]}${problem.message}` }),
  );
  for (const { rule, file, line, column, by } of report.hidden) {
    lines.push(`${file}:${line}:${column}  note: ${rule} is never reached; ${by} takes all that it matches`);
  }
  lines.push(...inactiveText(report.inactive), summaryText(report, options));
  // Files from elsewhere may hold anything.
  return visible(`${lines.join("\n")}\n`);
}

/** By log source, since published collections have hundreds of rules for each. */
function inactiveText(inactive: CheckReport["inactive"]): string[] {
  if (inactive.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { logsource } of inactive) counts.set(logsource, (counts.get(logsource) ?? 0) + 1);
  const rows = [...counts].map(
    ([logsource, count]) => `  log-sidecar.logsource: ${logsource}  (${counted(count, "rule")})`,
  );
  return [
    `note: ${counted(inactive.length, "Sigma rule")} inactive until a container has one of the labels`,
    ...rows,
  ];
}

function summaryText(report: CheckReport, { rulesDir, strict }: CheckOptions): string {
  const warnings = strict ? 0 : report.problems.filter(({ kind }) => kind === "unsupported").length;
  const errors = report.problems.length - warnings;
  if (report.files === 0 && report.problems.length === 0)
    return `${rulesDir} holds no rule files: every line goes to raw`;
  const read = `${counted(report.rules, "rule")}, ${counted(report.sigma, "Sigma rule")}, ${counted(report.tests, "test")} in ${counted(report.files, "file")}`;
  if (errors === 0) {
    return `${read}: all well${warnings === 0 ? "" : ` but for ${counted(warnings, "rule")} left out`}`;
  }
  const untested = report.problems.some(({ kind }) => kind === "error");
  return untested ? `${counted(errors, "error")}; no test was run` : `${read}: ${counted(errors, "error")}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
