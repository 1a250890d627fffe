import type { MetricDeclaration } from "./metric.js";
import type { LogRecord } from "./record.js";
import type { Aggregate } from "./windows.js";

/** Reads one value out of a record: compiled once from a field's name when the rules are loaded. */
export type FieldReader = (record: LogRecord) => unknown;

/** A named value of a row or sample. */
export interface NamedField {
  readonly name: string;
  readonly read: FieldReader;
}

export const SEVERITIES = ["informational", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface RawTarget {
  readonly category: "raw";
}

/** A row for each window of time and group, in the place of one for each record. */
export interface SummaryWindows {
  /** Length of a window; a day is a whole number of them. */
  readonly everyMs: number;
  /** A window is written when it has been over, and nothing has come for it, for so long. */
  readonly graceMs: number;
  /** Records with the same values here are one group. */
  readonly by: readonly NamedField[];
  readonly aggregates: readonly Aggregate[];
}

export interface SummaryTarget {
  readonly category: "summary";
  readonly table: string;
  readonly columns: readonly NamedField[];
  /** Undefined: a row for each record. */
  readonly windows: SummaryWindows | undefined;
}

/** Which rule, and in which wording. */
export interface RuleMark {
  readonly id: string;
  /** The first 16 hexadecimal digits of the SHA-256 of the rule's definition as JSON text. */
  readonly definition: string;
}

export interface TrainingTarget {
  readonly category: "training";
  readonly dataset: string;
  readonly format: "npz" | "pkl";
  /** Each reads a number or an array of numbers; together they are one sample's feature vector. */
  readonly features: readonly NamedField[];
  readonly label: NamedField | undefined;
  /** Names of the classes, the position of each being its number; a label that is none of them is no sample. */
  readonly classes: readonly string[] | undefined;
  /** Reads a number; a sample without it weighs 1. */
  readonly weight: NamedField | undefined;
  /** Other named fields stored beside features and label. */
  readonly fields: readonly NamedField[];
  /** The rule that the samples come by, for the manifest. */
  readonly rule: RuleMark;
}

export interface TaggedTarget {
  readonly category: "tagged";
  /** Written as `rule`: the ids of all rules that this record is tagged by, joined by commas. */
  readonly rule: string;
  readonly tags: readonly string[];
  readonly severity: Severity;
  /** `permanent`, or a duration such as `90d`: the folder under tagged/. */
  readonly retention: string;
}

export type Target = RawTarget | SummaryTarget | TrainingTarget | TaggedTarget;

/** What a rule can set a field to: what YAML and JSON have in common. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** What rules change in a record before it is written; in the order of the rules. */
export interface Edit {
  /** New values by field; undefined where the rule sets none. */
  readonly set: Readonly<Record<string, JsonValue>> | undefined;
  /** Fields whose values are replaced; undefined where the rule redacts none. */
  readonly redact: readonly string[] | undefined;
}

/** A value that a rule takes out of each of its records for a metric. */
export interface RuleMetric {
  readonly declaration: MetricDeclaration;
  /** Undefined: each record counts 1. */
  readonly value: FieldReader | undefined;
  /** In the order of the declaration's label names. */
  readonly labels: readonly FieldReader[];
  /** Which of the labels is the severity that the record is tagged with. */
  readonly severityAt: number | undefined;
}

/** Records that are equal in what `by` reads become one. */
export interface Dedupe {
  /** The rule that says so. */
  readonly rule: string;
  readonly windowMs: number;
  /** Undefined: level, component, event type, message and data without its times. */
  readonly by: readonly FieldReader[] | undefined;
}

/** What a record still waits to be written to, while its window is open. */
export interface WaitingTargets extends Dedupe {
  readonly targets: readonly Target[];
  /** The places (see rules/places.ts) that took the record at once; none of `targets` is one of them. */
  readonly taken: readonly string[];
}

/** What rules do with a record beside sending it somewhere. */
export interface Actions {
  readonly edits: readonly Edit[];
  readonly waiting: readonly WaitingTargets[];
}

/**
 * Where a record goes. Decisions are made when rules are loaded and shared by all records that
 * the same rules match, so that classifying allocates nothing.
 */
export interface Decision {
  /** Written as `rule` in raw: ids of the native rules that decided, joined by commas; absent when the default did. */
  readonly rule: string | undefined;
  /** Where it goes at once. */
  readonly targets: readonly Target[];
  /** The rule says `drop: true`: nothing is written, the ledger counts it. */
  readonly drop: boolean;
  /** Nothing is written, because the record is not of the share that a rule keeps. */
  readonly sampled: boolean;
  /** Undefined for nearly all: then there is nothing to do but to write. */
  readonly actions: Actions | undefined;
  /** Values that rules take out of the record, once it was edited; absent where none does. */
  readonly metrics?: readonly RuleMetric[];
}
