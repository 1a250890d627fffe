import type { LogRecord } from "../core/record.js";
import { aimProblems } from "./aims.js";
import { editProblems, extractedFields, withoutExtracted } from "./extract.js";
import { issueProblems, type SpotProblem, shown } from "./issue.js";
import { compileMatch } from "./match/compile.js";
import type { CompiledMatch, FieldAccess } from "./match/types.js";
import type { Outcome } from "./part.js";
import { valueProblems } from "./record-values.js";
import { plainFields } from "./rule-fields.js";
import {
  defaultSchema,
  fileSchema,
  type RuleSource,
  ruleSchema,
  type TestSource,
  testSchema,
} from "./schema.js";
import { nameProblems } from "./target-names.js";
import { outcomeOf } from "./targets.js";

/** A rule of the sidecar's own language, as its file gives it and ready to be asked. Paths start at the document. */
export interface NativeRule {
  readonly id: string;
  readonly path: readonly PropertyKey[];
  readonly source: RuleSource;
  readonly match: CompiledMatch<LogRecord>;
  readonly outcome: Outcome;
}

export interface NativeDocument {
  readonly rules: readonly NativeRule[];
  /** What happens without a match, when this document says it. */
  readonly fallback: Outcome | undefined;
  readonly tests: readonly { readonly path: readonly PropertyKey[]; readonly source: TestSource }[];
}

type Report = (problem: SpotProblem) => void;

/** Reads a document that has `rules`, `default` or `tests`; each rule by itself, so that all errors come at once. */
export function readNative(value: unknown, report: Report): NativeDocument {
  const file = parsed(fileSchema, value, [], report);
  const items = value as { rules?: unknown; default?: unknown; tests?: unknown };
  if (file === undefined && !Array.isArray(items.rules)) return { rules: [], fallback: undefined, tests: [] };
  return {
    rules: listOf(items.rules).flatMap((rule, at) => readRule(rule, ["rules", at], report) ?? []),
    fallback: items.default === undefined ? undefined : readDefault(items.default, report),
    tests: listOf(items.tests).flatMap((test, at) => {
      const path = ["tests", at];
      const source = parsed(testSchema, test, path, report);
      return source === undefined ? [] : [{ path, source }];
    }),
  };
}

function readRule(value: unknown, path: PropertyKey[], report: Report): NativeRule | undefined {
  const source = parsed(ruleSchema, value, path, report);
  if (typeof value !== "object" || value === null) return undefined;
  const fields = source === undefined ? plainFields : extractedFields(source.extract);
  const match = readMatch((value as { match?: unknown }).match, {
    access: fields.access,
    report: (problem) => report({ ...problem, path: [...path, "match", ...problem.path] }),
  });
  if (source === undefined || match === undefined) return undefined;
  for (const problem of [...aimProblems(source), ...nameProblems(source.to), ...editProblems(source)]) {
    report({ ...problem, path: [...path, ...problem.path] });
  }
  return {
    id: source.id,
    path,
    source,
    match: withoutExtracted(match, source.extract),
    outcome: outcomeOf({
      rule: source.id,
      definition: value,
      ...destination(source),
      actions: source,
      metric: source.metric,
      fields,
    }),
  };
}

function destination({ to, drop }: { to?: RuleSource["to"]; drop: boolean }) {
  return { to, drop };
}

function readDefault(value: unknown, report: Report): Outcome | undefined {
  if (value === "raw") return outcomeOf({ rule: undefined, to: { raw: {} }, drop: false });
  if (value === "drop") return outcomeOf({ rule: undefined, to: undefined, drop: true });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const message = `\`default\` is ${shown(value)}; it can be raw, drop, or a map with \`to:\``;
    report({ path: ["default"], message });
    return undefined;
  }
  const source = parsed(defaultSchema, value, ["default"], report);
  if (source === undefined) return undefined;
  for (const problem of [...aimProblems({ ...source, continue: false }), ...nameProblems(source.to)]) {
    report({ ...problem, path: ["default", ...problem.path] });
  }
  return outcomeOf({ rule: undefined, ...destination(source) });
}

const ALWAYS: CompiledMatch<LogRecord> = {
  test: () => true,
  needs: [],
  uses: [],
  explain: { text: "always", test: () => true, children: [] },
};

/** `match: always`, or what the matching language makes of it. */
function readMatch(
  value: unknown,
  { access, report }: { readonly access: FieldAccess<LogRecord>; readonly report: Report },
): CompiledMatch<LogRecord> | undefined {
  if (value === undefined) return undefined;
  if (value === "always") return ALWAYS;
  if (typeof value !== "object" || value === null) {
    const message = `\`match\` is ${shown(value)}; it is a map of field to value, a list of such maps, or \`always\``;
    report({ path: [], message });
    return undefined;
  }
  const { compiled, problems } = compileMatch(value, access);
  const all = [...problems, ...valueProblems(value)];
  for (const problem of all) report(problem);
  return all.length === 0 ? compiled : undefined;
}

function parsed<T>(
  schema: Parameters<typeof issueProblems>[1] & { safeParse(value: unknown): { data?: T } },
  value: unknown,
  path: PropertyKey[],
  report: Report,
): T | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data as T;
  for (const problem of issueProblems(result.error, schema, value)) {
    report({ ...problem, path: [...path, ...problem.path] });
  }
  return undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
