import { isPermanent } from "../../categories/tagged.js";
import type { Calendar } from "../../core/calendar.js";
import type { Container } from "../../core/container.js";
import type { DailyQuota } from "../../core/daily-quota.js";
import type { LaneFiles } from "../../lane/files.js";
import type { Question } from "../../lane/questions.js";
import type { Reason } from "../../lane/reasons.js";
import type { Credit, Lesson, LessonLine, TakenLines, Teacher } from "../../lane/teacher.js";
import { mayHoldSecret } from "../../records/redact/suspicion.js";
import type { RuleSet } from "../../rules/rule-set.js";
import type { Telemetry } from "../../telemetry/telemetry.js";
import type { Ledger } from "../ledger.js";
import { isUrgent } from "../urgency.js";
import { type Change, Changes } from "./changes.js";
import { type Compiled, compilePlan, type StudyOptions } from "./compile-plan.js";
import { Measures } from "./measures.js";
import { mayBeWrapped, mayTake } from "./plannable.js";
import { studyShape } from "./study-shape.js";

export interface LineTeacherOptions extends Omit<StudyOptions, "measures"> {
  readonly rules: { readonly current: RuleSet };
  readonly calendar: Calendar;
  readonly files: LaneFiles;
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly redact: "on" | "off";
  /** Records wait for what comes after them, or some are left out: each line has to be seen. */
  readonly isBusy: (container: Container) => boolean;
  readonly permanentQuota: DailyQuota;
  readonly noteRecords: (count: number, urgent: boolean) => void;
}

/** What lines of a plan are worth. */
interface PlanCredit extends Credit, Pick<Compiled, "decision"> {
  readonly change: Change;
  readonly isWritten: boolean;
  readonly isUrgent: boolean;
  readonly isPermanent: boolean;
}

const LONG: Lesson = { credit: undefined, questions: undefined, isPassing: false };
/** Nothing was learned from this line; perhaps from the next one like it. */
const PASSING: Lesson = { ...LONG, isPassing: true };

/**
 * Knows the long way, and makes plans of what it does. Nothing here knows what files look like: a line is written by the writers, so are
 * two others that differ from it in all that does not decide, and what stays the same in what they write is the plan.
 */
export class LineTeacher implements Teacher {
  readonly looksForSecrets: boolean;
  readonly mayHoldSecret = mayHoldSecret;
  readonly #options: LineTeacherOptions;
  readonly #changes: Changes;
  #measures: Measures | undefined;
  #measuredBy: unknown;
  #scopes = new Map<object, number>();

  constructor(options: LineTeacherOptions) {
    this.#options = options;
    this.looksForSecrets = options.redact === "on";
    this.#changes = new Changes(options.telemetry.counters);
  }

  get edition(): unknown {
    const { rules, telemetry } = this.#options;
    // Plans that were made while nobody heard of metrics count no more when somebody does.
    return telemetry.metrics.isHeard ? rules.current.native : rules.current;
  }

  takes(container: Container): boolean {
    return mayTake(container);
  }

  isOpen(container: Container): boolean {
    return !this.#options.isBusy(container);
  }

  dateOf(ts: string): string {
    return this.#options.calendar.dateOf(ts);
  }

  scopeOf(container: Container): number {
    const uses = this.#options.rules.current.usesOf(container);
    let scope = this.#scopes.get(uses);
    if (scope === undefined) {
      if (this.#scopes.size > 1000) this.#scopes = new Map();
      scope = this.#scopes.size;
      this.#scopes.set(uses, scope);
    }
    return scope;
  }

  questionsOf(line: LessonLine): readonly Question[] | undefined {
    return mayBeWrapped(line.slots) ? undefined : studyShape(line, this.#options.rules.current);
  }

  learn(line: LessonLine, questions: readonly Question[], takeLong: () => void): Lesson {
    const { files, ledger, rules } = this.#options;
    const account = ledger.of(line.container);
    this.#changes.begin(account);
    const written = files.note(takeLong);
    const change = this.#changes.end(account);
    if (change === undefined) return LONG;
    const more = studyShape(line, rules.current, questions);
    if (more === undefined) return LONG;
    if (more !== questions) return { ...LONG, questions: more };
    const compiled = compilePlan(
      line,
      { questions, written, rules: rules.current },
      { ...this.#options, measures: this.#measuring() },
    );
    if (compiled === "passing") return PASSING;
    if (compiled === undefined) return LONG;
    const { record, decision } = compiled;
    const isWritten = written.length > 0;
    const credit: PlanCredit = {
      program: compiled.program,
      decision,
      change,
      isWritten,
      isPermanent: decision?.targets.some(isPermanent) === true,
      isUrgent: isWritten && decision !== undefined && isUrgent(record, decision.targets),
    };
    return { ...LONG, credit };
  }

  /** Those of the rules that hold; undefined while nobody hears of what they measure. */
  #measuring(): Measures | undefined {
    const { files, telemetry } = this.#options;
    if (!telemetry.metrics.isHeard) return undefined;
    if (this.#measuredBy !== this.edition) this.#measures = new Measures(files, telemetry.metrics);
    this.#measuredBy = this.edition;
    return this.#measures;
  }

  credit(credit: Credit, { container, stream, count, characters, lastTs }: TakenLines): void {
    const { telemetry, ledger, noteRecords, permanentQuota } = this.#options;
    const { change, decision, isWritten, isUrgent: urgent, isPermanent: isKept } = credit as PlanCredit;
    if (isKept && lastTs !== undefined) permanentQuota.add(container, lastTs, characters);
    this.#changes.apply(change, count, ledger.of(container));
    telemetry.reads.add({ container, stdout: 0, stderr: 0, [stream]: count, lastTs });
    telemetry.counters.add("bytes_read_total", characters);
    if (decision !== undefined) telemetry.matches.add(decision, count);
    noteRecords(isWritten ? count : 1, urgent);
  }

  count(taken: number, reasons: ReadonlyMap<Reason, number>): void {
    const { counters } = this.#options.telemetry;
    if (taken > 0) counters.add("lane_lines_total", taken);
    for (const [reason, lines] of reasons) counters.add("lane_missed_total", lines, reason);
  }
}
