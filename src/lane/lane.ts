import type { Container } from "../core/container.js";
import type { LaneLines, LineLane } from "../core/lane.js";
import { Contexts } from "./contexts.js";
import type { LaneFiles } from "./files.js";
import { longAll, nanosecondsOf } from "./long-all.js";
import { type Machine, STOP } from "./machine.js";
import { encodeProgram } from "./programs.js";
import { encodeQuestions, type Question } from "./questions.js";
import { REASON_NAMES, type Reason } from "./reasons.js";
import { readSlots, type Slot } from "./slots.js";
import type { Credit, LessonLine, Teacher } from "./teacher.js";

/** Lines that may be learned from at once, and how many lines taken make up for one. An app that never prints alike learns no more. */
const MOST_LESSONS = 400;
const LINES_A_LESSON = 50;
const TIME_CHARS = 30;

/** What happened to the line at hand. `again`: nothing, it can go on with it. */
type Fate = "done" | "again";

/**
 * The short way of lines. The module (assembly/) takes those it has a plan for; the others go the long way, and what is decided there about
 * a line of a kind that comes again becomes the plan for its kind. Everything is forgotten when rules change, and when memory is full.
 */
export class Lane implements LineLane {
  readonly #machine: Machine;
  readonly #files: LaneFiles;
  readonly #teacher: Teacher;
  readonly #questions = new Map<number, readonly Question[]>();
  readonly #credits: (Credit | undefined)[] = [];
  #contexts = new Contexts();
  #edition: unknown;
  #lessons = MOST_LESSONS;
  #isFull = false;
  #reasons = new Map<Reason, number>();

  constructor(machine: Machine, files: LaneFiles, teacher: Teacher) {
    this.#machine = machine;
    this.#files = files;
    this.#teacher = teacher;
    machine.exports.forget();
    machine.exports.setJudging(teacher.looksForSecrets);
  }

  takes(container: Container): boolean {
    return this.#teacher.takes(container);
  }

  take(lines: LaneLines): number {
    const { bytes, exports } = this.#machine;
    if (!this.#teacher.isOpen() || lines.bytes.length > exports.INPUT_LIMIT.value) return longAll(lines);
    this.#heedRules();
    const start = exports.INPUT.value;
    bytes.set(lines.bytes, start);
    bytes.write(lines.ts, exports.TIME.value, "latin1");
    exports.setPending(lines.isPending);
    exports.setCleared(0);
    this.#enter(lines);
    this.#go(lines, start, start + lines.bytes.length);
    const lastTs = this.#time();
    const count = nanosecondsOf(lastTs) - nanosecondsOf(lines.ts);
    this.#settle(lines, lastTs);
    return count;
  }

  #go(lines: LaneLines, start: number, end: number): void {
    const { exports } = this.#machine;
    let at = start;
    for (let stop = exports.process(at, end); stop !== STOP.done; stop = exports.process(at, end)) {
      at = exports.lineAt.value;
      const newline: number = exports.newlineAt.value;
      if (this.#help(stop, lines, at, newline) === "again") continue;
      exports.tick();
      at = newline + 1;
      if (this.#isFull) this.#forget(lines);
    }
  }

  /** The module can't go on by itself. */
  #help(stop: number, lines: LaneLines, at: number, newline: number): Fate {
    const { exports } = this.#machine;
    switch (stop) {
      case STOP.full:
        return this.#files.makeRoom(exports.full.value) ? "again" : this.#long(lines, "refused", at, newline);
      case STOP.judge:
        if (this.#teacher.mayHoldSecret(this.#text(at, newline)))
          return this.#long(lines, "secret", at, newline);
        exports.setCleared(at);
        return "again";
      case STOP.pending:
        this.#settleLong(lines);
        return "again";
      case STOP.newShape:
        return this.#meetShape(lines, at, newline);
      case STOP.newPlan:
        return this.#learn(lines, at, newline);
      default:
        return this.#long(lines, REASON_NAMES[exports.reason.value] ?? "other", at, newline);
    }
  }

  #long(lines: LaneLines, reason: Reason, at: number, newline: number): Fate {
    const { bytes, exports } = this.#machine;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    lines.long(this.#time(), bytes.toString("latin1", at, newline + 1), !exports.isHigh.value);
    exports.setPending(true);
    return "done";
  }

  #settleLong(lines: LaneLines): void {
    lines.settle();
    this.#machine.exports.setPending(false);
    this.#files.doubtRoom();
  }

  /** A shape that was met before, and is looked at now: what decides about its lines? */
  #meetShape(lines: LaneLines, at: number, newline: number): Fate {
    const { exports } = this.#machine;
    if (this.#lessons <= 0) return this.#long(lines, "shape_new", at, newline);
    const slots = readSlots(this.#machine);
    const shape = exports.addShape();
    this.#isFull ||= shape === 0;
    const line = this.#lessonLine(lines, at, newline, slots);
    const questions = line && shape !== 0 ? this.#teacher.questionsOf(line) : undefined;
    if (questions === undefined || !this.#setQuestions(shape, questions))
      return this.#long(lines, "shape", at, newline);
    const known = exports.askAgain(at, newline);
    if (known === 1) return "again";
    return known < 0 ? this.#long(lines, "value", at, newline) : this.#learn(lines, at, newline);
  }

  #setQuestions(shape: number, questions: readonly Question[]): boolean {
    const address = encodeQuestions(this.#machine, questions);
    this.#isFull ||= address === 0;
    if (address === 0) return false;
    this.#questions.set(shape, questions);
    this.#machine.exports.setQuestions(shape, address);
    return true;
  }

  /** The line goes the long way, and becomes the plan for those like it. */
  #learn(lines: LaneLines, at: number, newline: number): Fate {
    const { exports } = this.#machine;
    const shape: number = exports.lastShape.value;
    const line = this.#lessonLine(lines, at, newline, readSlots(this.#machine));
    if (line === undefined || this.#lessons <= 0) return this.#long(lines, "plan_new", at, newline);
    this.#lessons -= 1;
    this.#settleLong(lines);
    this.#reasons.set("learned", (this.#reasons.get("learned") ?? 0) + 1);
    const raw = this.#machine.bytes.toString("latin1", at, newline + 1);
    const lesson = this.#teacher.learn(line, this.#questions.get(shape) ?? [], () => {
      lines.long(line.ts, raw, !exports.isHigh.value);
      lines.settle();
    });
    if (lesson.questions !== undefined) this.#setQuestions(shape, lesson.questions);
    else if (!lesson.isPassing) this.#addPlan(lesson.credit);
    this.#files.doubtRoom();
    return "done";
  }

  #addPlan(credit: Credit | undefined): void {
    const program = credit?.program;
    const hasFiles = program?.passages.every(({ file }) => this.#files.open(file)) ?? true;
    const address = program === undefined || !hasFiles ? 0 : encodeProgram(this.#machine, program);
    this.#isFull ||= !hasFiles || (program !== undefined && address === 0);
    const number = this.#machine.exports.addPlan(address);
    if (number < 0) this.#isFull = true;
    else this.#credits[number] = credit;
  }

  #lessonLine(
    lines: LaneLines,
    at: number,
    newline: number,
    slots: Slot[] | undefined,
  ): LessonLine | undefined {
    if (slots === undefined || slots.length === 0) return undefined;
    const { container, stream } = lines;
    return { container, stream, ts: this.#time(), text: this.#text(at, newline), slots };
  }

  #text(at: number, end: number): string {
    const { bytes, exports } = this.#machine;
    return exports.isHigh.value ? bytes.toString("utf8", at, end) : bytes.toString("latin1", at, end);
  }

  #time(): string {
    const { bytes, exports } = this.#machine;
    return bytes.toString("latin1", exports.TIME.value, exports.TIME.value + TIME_CHARS);
  }

  /** Rules were read again: what was decided by the old ones counts no more. Nothing waits between two calls. */
  #heedRules(): void {
    if (this.#edition === this.#teacher.edition) return;
    this.#edition = this.#teacher.edition;
    this.#dropAll();
  }

  #forget(lines: LaneLines): void {
    this.#settle(lines, undefined);
    this.#dropAll();
    this.#enter(lines);
    this.#isFull = false;
  }

  #dropAll(): void {
    this.#files.forget();
    this.#machine.exports.forget();
    this.#questions.clear();
    this.#credits.length = 0;
    this.#contexts = new Contexts();
  }

  /** Plans are those of a container, a stream and a date. */
  #enter({ container, stream, ts }: LaneLines): void {
    const context = this.#contexts.numberOf(container, stream, this.#teacher.dateOf(ts));
    this.#machine.exports.setContext(this.#teacher.scopeOf(container), context);
  }

  /** Appends and counts what the module did. */
  #settle(lines: LaneLines, lastTs: string | undefined): void {
    const { words, exports } = this.#machine;
    const { container, stream } = lines;
    this.#files.appendAll();
    let taken = 0;
    for (let at = 0; at < exports.touched.value; at += 1) {
      const number = words[exports.TOUCHED.value / 4 + at] as number;
      const place = exports.COUNTS.value / 4 + number * 2;
      const count = words[place] as number;
      const characters = words[place + 1] as number;
      words.fill(0, place, place + 2);
      taken += count;
      const credit = this.#credits[number];
      if (credit !== undefined)
        this.#teacher.credit(credit, { container, stream, count, characters, lastTs });
    }
    exports.clearTouched();
    this.#lessons = Math.min(MOST_LESSONS, this.#lessons + taken / LINES_A_LESSON);
    this.#teacher.count(taken, this.#reasons);
    this.#reasons.clear();
  }
}
