import type { WriterContext } from "../../categories/context.js";
import { Refusals } from "../../categories/refusals.js";
import { createWriters } from "../../categories/writers.js";
import type { Decision } from "../../core/decision.js";
import { LEVEL_RANK, type LogRecord } from "../../core/record.js";
import type { Appender, SegmentSink, SeriesSpec, StagedSpec } from "../../core/segment.js";
import type { Written } from "../../lane/files.js";
import type { Passage, Piece, Program } from "../../lane/programs.js";
import type { Question } from "../../lane/questions.js";
import type { LessonLine } from "../../lane/teacher.js";
import { createUnderstand } from "../../records/understand.js";
import type { RuleSet } from "../../rules/rule-set.js";
import { silentTelemetry, type Telemetry } from "../../telemetry/telemetry.js";
import { guardsOf, passes } from "./guards.js";
import type { Measures } from "./measures.js";
import { isKnownFile, onlySends, onlyWrites } from "./plannable.js";
import { lineOf } from "./study-shape.js";
import { cutAtMarks, fill } from "./template.js";
import { variantOf } from "./variant.js";

/** What the writers of variants need. */
export interface StudyOptions extends Pick<WriterContext, "calendar" | "names"> {
  readonly refusals: Refusals;
  readonly telemetry: Telemetry;
  /** Undefined while nobody hears of what rules measure. */
  readonly measures: Measures | undefined;
}

interface Study {
  readonly questions: readonly Question[];
  /** What the long way wrote of the line. */
  readonly written: readonly Written[];
  readonly rules: RuleSet;
}

export interface Compiled {
  readonly program: Program;
  readonly record: LogRecord;
  /** Undefined where the container's own level drops it. */
  readonly decision: Decision | undefined;
}

const understand = createUnderstand();
const silent = silentTelemetry();

/**
 * The program of a line that went the long way. Undefined where lines like it have to go there too; `passing` where only this line is
 * unlike the others: a number is written in an unusual way.
 */
export function compilePlan(
  line: LessonLine,
  study: Study,
  options: StudyOptions,
): Compiled | "passing" | undefined {
  const { rules, questions } = study;
  const record = understand(lineOf(line), line.container);
  const decision = decide(record, rules);
  if (decision !== undefined && !(onlyWrites(decision) && isPlannable(record, decision, rules)))
    return undefined;
  const written = [...study.written, ...measured(record, decision, options)];
  const files = written.map(({ file }) => file);
  if (!files.every(({ spec }) => isKnownFile(spec.extension))) return undefined;
  const cuts = [0, 1].map(() => cutVariant(line, questions, { decision, rules, written }, options));
  const [cut, again] = cuts;
  if (cut === undefined || JSON.stringify(cut) !== JSON.stringify(again)) return undefined;
  const guards = cut.flatMap((pieces, at) => guardsOf(pieces, files[at]!.spec.extension, line.slots));
  const slotOf = (slot: number) => line.slots.find(({ index }) => index === slot);
  if (!guards.every((guard) => passes(guard, slotOf(guard.slot)!))) return "passing";
  if (!cut.every((pieces, at) => fill(pieces, line) === written[at]!.text)) return undefined;
  const passages: Passage[] = cut.map((pieces, at) => ({ ...written[at]!, pieces }));
  for (const target of decision?.targets ?? []) {
    if (target.category !== "training") continue;
    for (const { file } of passages) {
      if (file.spec.category === "training") file.isBlocked = () => options.refusals.waits(target.dataset);
    }
  }
  const distinct = new Map(guards.map((guard) => [`${guard.kind} ${guard.slot}`, guard]));
  return { program: { guards: [...distinct.values()], passages }, record, decision };
}

function decide(record: LogRecord, rules: RuleSet): Decision | undefined {
  const { minLevel } = record.container;
  const least = minLevel === undefined ? 0 : LEVEL_RANK[minLevel];
  return LEVEL_RANK[record.level] < least ? undefined : rules.classify(record);
}

function isPlannable(record: LogRecord, decision: Decision, rules: RuleSet): boolean {
  const sets = decision.targets.filter(({ category }) => category === "training");
  // Refused samples of two datasets could not be told apart by their file.
  if (sets.length > 1) return false;
  return rules.matching(record).every((rule) => !("source" in rule) || onlySends(rule.source));
}

function measured(record: LogRecord, decision: Decision | undefined, { measures }: StudyOptions): Written[] {
  return (decision && measures?.of(record, decision)) ?? [];
}

interface Fate {
  readonly decision: Decision | undefined;
  readonly rules: RuleSet;
  readonly written: readonly Written[];
}

/** What is written of another line with the same fate, cut where it differs; undefined where its fate is another. */
function cutVariant(
  line: LessonLine,
  questions: readonly Question[],
  { decision, rules, written }: Fate,
  options: StudyOptions,
): Piece[][] | undefined {
  const variant = variantOf(line, questions);
  if (variant === undefined) return undefined;
  const record = understand(lineOf({ ...line, ts: variant.ts, text: variant.text }), line.container);
  if (decide(record, rules) !== decision) return undefined;
  const captured: { spec: string; text: string; entries: number }[] = [];
  if (decision !== undefined) {
    writersInto(options, (spec, text, entries) => {
      captured.push({ spec: JSON.stringify(spec), text, entries });
    }).write(record, decision);
  }
  for (const { file, text, entries } of measured(record, decision, options))
    captured.push({ spec: JSON.stringify(file.spec), text, entries });
  const isSame =
    captured.length === written.length &&
    captured.every(({ spec, entries }, at) => {
      const { file, entries: count } = written[at]!;
      return spec === JSON.stringify(file.spec) && entries === count;
    });
  return isSame ? captured.map(({ text }) => cutAtMarks(text, variant.marks)) : undefined;
}

type Take = (spec: SeriesSpec | StagedSpec, text: string, entries: number) => void;

/** Writers that change nothing but what they hand to `take`. */
function writersInto(options: StudyOptions, take: Take) {
  const appender = (spec: SeriesSpec | StagedSpec): Appender => ({
    append: (text, entries) => take(spec, text, entries),
  });
  const sink: SegmentSink = { series: appender, staged: appender };
  const windows = { add: () => undefined, folders: () => [] } as unknown as WriterContext["windows"];
  return createWriters({ ...options, sink, windows, telemetry: silent, refusals: new Refusals(undefined) });
}
