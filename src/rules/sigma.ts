import { z } from "zod";
import type { LogRecord } from "../core/record.js";
import { type AccessFor, plainAccess } from "./alias-access.js";
import { issueProblems, type SpotProblem } from "./issue.js";
import { LOGSOURCE_KEYS, type Logsource } from "./logsource.js";
import { compileDetection } from "./match/compile.js";
import type { CompiledMatch, FieldAccess } from "./match/types.js";
import type { Outcome } from "./part.js";
import { type TargetsSource, targetsSchema } from "./schema.js";
import { outcomeOf } from "./targets.js";

/**
 * A plain Sigma rule (SigmaHQ/sigma-specification, sigma-rules-specification.md 2.1): asked about every line of the
 * containers that its logsource names, beside the native rules.
 */
export interface SigmaRule {
  /** Its id, or the title where it has none. */
  readonly id: string;
  readonly title: string;
  /** What correlations call it, beside its id. */
  readonly name: string | undefined;
  /** As it was published: its owner gave it no `to:`. */
  readonly isPlain: boolean;
  readonly logsource: Logsource;
  readonly match: CompiledMatch<LogRecord>;
  /** What `match` was compiled for; rules that share it share an index. */
  readonly access: FieldAccess<LogRecord>;
  readonly outcome: Outcome;
}

const texts = z.array(z.string()).nullish();

/** Loose: Sigma allows fields of one's own. What only describes the rule (author, date, status) is not looked at. */
const sigmaSchema = z.looseObject({
  title: z.string().trim().min(1),
  id: z.string().trim().min(1).nullish(),
  name: z.string().nullish(),
  logsource: z
    .looseObject({
      category: z.string().nullish(),
      product: z.string().nullish(),
      service: z.string().nullish(),
    })
    .nullable(),
  detection: z.looseObject({ condition: z.unknown() }),
  level: z.enum(["informational", "low", "medium", "high", "critical"]).nullish(),
  tags: texts,
  references: texts,
  to: targetsSchema.optional(),
});

type SigmaSource = z.infer<typeof sigmaSchema>;

/** Documents that Sigma has beside rules, and why they are refused. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  correlation:
    "correlation rules (event_count, value_count, temporal …) are not supported by this version yet",
  filter: "Sigma filters are not supported by this version yet",
  action: "rule collections with `action:` belong to old Sigma; write each rule out as a document of its own",
};

/** Whether a document is meant as a Sigma rule: it has what native files never have. */
export function isSigma(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return ["detection", "logsource", ...Object.keys(OTHER_KINDS)].some((key) => Object.hasOwn(value, key));
}

/** A rule as it was published; one that was given a `to:` here is its owner's, and held to the same as native rules. */
export function isPlain(value: unknown): boolean {
  return isSigma(value) && !Object.hasOwn(value as object, "to");
}

/** Whether a text that is not even YAML was meant as a plain Sigma rule. */
export function looksLikeSigma(text: string): boolean {
  return /^detection[ \t]*:/m.test(text) && /^logsource[ \t]*:/m.test(text) && !/^rules[ \t]*:/m.test(text);
}

/** Reads one document for which `isSigma` holds. */
export function readSigma(
  value: unknown,
  report: (problem: SpotProblem) => void,
  accessFor: AccessFor = plainAccess,
): SigmaRule | undefined {
  for (const [kind, message] of Object.entries(OTHER_KINDS)) {
    if (!Object.hasOwn(value as object, kind)) continue;
    report({ path: [kind], atKey: true, message, unsupported: true });
    return undefined;
  }
  const result = sigmaSchema.safeParse(value);
  for (const problem of result.success ? [] : issueProblems(result.error, sigmaSchema, value))
    report(problem);
  const detection = (value as { detection?: unknown }).detection;
  if (typeof detection !== "object" || detection === null) return undefined;
  const logsource = logsourceFrom(result.data?.logsource ?? null);
  const access = accessFor(logsource);
  const { compiled, problems } = compileDetection(detection, access);
  for (const problem of problems) report({ ...problem, path: ["detection", ...problem.path] });
  if (!result.success || compiled === undefined) return undefined;
  return { ...named(result.data), logsource, match: compiled, access };
}

/**
 * The names or ids of the rules that a correlation is made of. They are there for it alone, unless it says `generate: true`
 * (sigma-correlation-rules-specification.md 2.1): most of them match every single event of a kind.
 */
export function correlationBases(value: unknown): string[] {
  const { correlation } = value as { correlation?: { rules?: unknown; generate?: unknown } | null };
  if (typeof correlation !== "object" || correlation === null || correlation.generate === true) return [];
  const { rules } = correlation;
  return (Array.isArray(rules) ? rules : [rules]).filter((name) => typeof name === "string");
}

function named(source: SigmaSource): Pick<SigmaRule, "id" | "title" | "name" | "isPlain" | "outcome"> {
  // Ids are joined by commas where several rules name one record.
  const id = (source.id ?? source.title).replaceAll(",", " ");
  const outcome = outcomeOf({ rule: id, sigma: true, to: targetsOf(source), drop: false });
  const { title, name, to } = source;
  return { id, title, name: name ?? undefined, isPlain: to === undefined, outcome };
}

/**
 * Tagged, unless the rule was given a `to:`. Title and references travel among the tags, so that the record alone
 * says what was found and where to read on; the level is the severity.
 */
function targetsOf({ to, tags, title, references, level }: SigmaSource): TargetsSource {
  if (to !== undefined && to.tagged === undefined) return to;
  return {
    ...to,
    tagged: {
      tags: [...(tags ?? []), title, ...(references ?? []), ...(to?.tagged?.tags ?? [])],
      severity: to?.tagged?.severity ?? level ?? undefined,
      retention: to?.tagged?.retention ?? "permanent",
    },
  };
}

function logsourceFrom(source: SigmaSource["logsource"]): Logsource {
  const set = LOGSOURCE_KEYS.flatMap((key) => {
    const value = source?.[key]?.trim().toLowerCase();
    return value ? [[key, value]] : [];
  });
  return Object.fromEntries(set) as Logsource;
}
