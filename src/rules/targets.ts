import { createHash } from "node:crypto";
import type {
  Dedupe,
  Edit,
  NamedField,
  RuleMark,
  RuleMetric,
  Severity,
  SummaryTarget,
  SummaryWindows,
  TaggedTarget,
  Target,
  TrainingTarget,
} from "../core/decision.js";
import { AGGREGATES } from "../core/windows.js";
import type { ActionsSource } from "./action-schema.js";
import type { MetricSource } from "./metric-schema.js";
import { metricsOf, withSeverity } from "./metrics.js";
import { makeOutcome, type Outcome, type Part } from "./part.js";
import { retentionFolder } from "./retention.js";
import { type Fields, plainFields } from "./rule-fields.js";
import type { FieldName, TargetsSource } from "./schema.js";

/** What a rule says about itself when its targets are made. */
export interface OutcomeSource {
  /** Undefined for the default: its raw records carry no rule. */
  readonly rule: string | undefined;
  /** The rule as it stands in its file, for a hash of it. */
  readonly definition?: unknown;
  readonly sigma?: boolean;
  readonly to: TargetsSource | undefined;
  readonly drop: boolean;
  readonly actions?: ActionsSource;
  readonly metric?: readonly MetricSource[] | undefined;
  /** The fields as the rule knows them. */
  readonly fields?: Fields;
}

/** The part that a rule or the default adds to decisions. */
export function outcomeOf(source: OutcomeSource): Outcome {
  const {
    rule,
    definition,
    sigma = false,
    to,
    drop,
    actions = {},
    metric = [],
    fields = plainFields,
  } = source;
  const targets: Target[] = [];
  if (to?.raw !== undefined) targets.push({ category: "raw" });
  if (to?.summary !== undefined) targets.push(summaryOf(to.summary, fields));
  if (to?.training !== undefined) {
    const mark = { id: rule ?? "default", definition: hashOf(definition ?? to) };
    targets.push(trainingOf(to.training, mark, fields));
  }
  const tagged = to?.tagged;
  if (tagged !== undefined) targets.push(taggedOf(tagged ?? DEFAULT_TAGGED, rule ?? "default"));
  const readSeverity =
    typeof tagged?.severity === "object" ? fields.readField(tagged.severity.from) : undefined;
  const edit = editOf(actions);
  const decides = drop || targets.length > 0;
  const part: Part = {
    rule: decides ? rule : undefined,
    sigma,
    drop,
    targets,
    sampled: false,
    edit,
    dedupe: rule === undefined ? undefined : dedupeOf(actions, rule, fields),
    ...(metric.length > 0 && { metrics: metricsWith(metricsOf(metric, rule ?? "default", fields), tagged) }),
  };
  return makeOutcome(part, { readSeverity, share: actions.sample });
}

/** With the severity that is known before the record is. */
function metricsWith(metrics: readonly RuleMetric[], tagged: TaggedSource | null | undefined) {
  const severity = tagged === undefined ? undefined : severityWithout(tagged ?? DEFAULT_TAGGED);
  return metrics.map((one) => (severity === undefined ? one : withSeverity(one, severity)));
}

function editOf({ set, redact }: ActionsSource): Edit | undefined {
  return set === undefined && redact === undefined ? undefined : { set, redact };
}

function dedupeOf({ dedupe }: ActionsSource, rule: string, { readValue }: Fields): Dedupe | undefined {
  if (dedupe === undefined) return undefined;
  return { rule, windowMs: dedupe.window, by: dedupe.by?.map(readValue) };
}

type TaggedSource = NonNullable<TargetsSource["tagged"]>;

/** `tagged:` with nothing behind it. */
const DEFAULT_TAGGED: TaggedSource = { tags: [], retention: "permanent" };

type SummarySource = NonNullable<TargetsSource["summary"]>;

/** Enough for lines that take a while from the app to the engine and to the sidecar. */
const DEFAULT_GRACE_MS = 10_000;

function summaryOf(source: SummarySource, fields: Fields): SummaryTarget {
  const columns = (source.columns ?? []).map(named(fields));
  return { category: "summary", table: source.table, columns, windows: windowsOf(source, fields) };
}

function windowsOf(
  { every, grace, by, aggregates }: SummarySource,
  fields: Fields,
): SummaryWindows | undefined {
  if (every === undefined) return undefined;
  return {
    everyMs: every,
    graceMs: grace ?? DEFAULT_GRACE_MS,
    by: (by ?? []).map(named(fields)),
    aggregates: aggregates ?? AGGREGATES,
  };
}

function trainingOf(
  source: NonNullable<TargetsSource["training"]>,
  rule: RuleMark,
  fields: Fields,
): TrainingTarget {
  const namedField = named(fields);
  return {
    category: "training",
    dataset: source.dataset,
    format: source.format,
    features: source.features.map((field) => namedField({ name: field, field })),
    label: source.label === undefined ? undefined : namedField({ name: "label", field: source.label }),
    classes: source.classes,
    weight: source.weight === undefined ? undefined : namedField({ name: "weight", field: source.weight }),
    fields: (source.fields ?? []).map(namedField),
    rule,
  };
}

/** Of the parsed rule: comments, indentation and the way in which a text is quoted make no difference. */
function hashOf(definition: unknown): string {
  return createHash("sha256").update(JSON.stringify(definition)).digest("hex").slice(0, 16);
}

function taggedOf(source: TaggedSource, rule: string): TaggedTarget {
  return {
    category: "tagged",
    rule,
    tags: source.tags,
    severity: severityWithout(source),
    retention: retentionFolder(source.retention),
  };
}

/** Where the event says none itself. */
function severityWithout({ severity }: TaggedSource): Severity {
  return (typeof severity === "object" ? severity.otherwise : severity) ?? "medium";
}

function named({ readValue }: Fields): (field: FieldName) => NamedField {
  return ({ name, field }) => ({ name, read: readValue(field) });
}
