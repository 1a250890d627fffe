import type { Container } from "../core/container.js";
import type { LaneBatch, LaneLines, LaneMessages, LineLane } from "../core/lane.js";
import { AtHand } from "./at-hand.js";
import { Contexts } from "./contexts.js";
import type { LaneFiles } from "./files.js";
import { longAll, nanosecondsOf } from "./long-all.js";
import { type Machine, STOP } from "./machine.js";
import { encodeProgram } from "./programs.js";
import { type Question, QuestionBook } from "./questions.js";
import { REASON_NAMES, type Reason } from "./reasons.js";
import { readSlots } from "./slots.js";
import { Taken } from "./taken.js";
import type { Credit, Teacher } from "./teacher.js";

/** Lines that may be learned from at once, and how many lines taken make up for one. An app that never prints alike learns no more. */
const MOST_LESSONS = 400;
const LINES_A_LESSON = 50;

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
  readonly #taken: Taken;
  readonly #atHand: AtHand;
  readonly #book: QuestionBook;
  #contexts = new Contexts();
  #edition: unknown;
  #lessons = MOST_LESSONS;
  #isFull = false;
  #reasons = new Map<Reason, number>();

  constructor(machine: Machine, files: LaneFiles, teacher: Teacher) {
    this.#machine = machine;
    this.#files = files;
    this.#teacher = teacher;
    this.#taken = new Taken(machine, teacher);
    this.#atHand = new AtHand(machine);
    this.#book = new QuestionBook(machine);
    machine.exports.forget();
    machine.exports.setJudging(teacher.looksForSecrets);
  }

  get mostMessages(): number {
    return this.#machine.exports.MOST_MESSAGES.value;
  }

  takes(container: Container): boolean {
    return this.#teacher.takes(container);
  }

  take(lines: LaneLines): number {
    const { exports } = this.#machine;
    if (!this.#canTake(lines)) return longAll(lines);
    const start = this.#begin(lines);
    const end = start + lines.bytes.length;
    this.#machine.bytes.write(lines.ts, exports.TIME.value, "latin1");
    let [at, isOpen] = [start, true];
    for (let stop = exports.process(at, end); stop !== STOP.done; stop = exports.process(at, end)) {
      at = exports.lineAt.value;
      if (this.#help(stop, lines) === "done") {
        exports.tick();
        at = exports.newlineAt.value + 1;
        if (this.#isFull) this.#forget(lines);
      }
      isOpen = this.#teacher.isOpen(lines.container);
      if (!isOpen) break;
    }
    const { ts } = this.#atHand;
    this.#settle(lines, ts);
    const count = nanosecondsOf(ts) - nanosecondsOf(lines.ts);
    return isOpen ? count : count + longAll({ ...lines, ts, bytes: lines.bytes.subarray(at - start) });
  }

  takeMessages(messages: LaneMessages): number {
    const { words, exports } = this.#machine;
    if (!this.#canTake(messages)) return 0;
    const start = this.#begin(messages);
    const { count, places } = messages;
    const table = exports.MESSAGES.value / 4;
    for (let place = 0; place < count * 2; place += 1) words[table + place] = start + places[place]!;
    let [at, isOpen] = [0, true];
    for (let stop = exports.processMessages(0, count); isOpen && stop !== STOP.done; ) {
      at = exports.messageAt.value;
      messages.reach(at);
      if (this.#help(stop, messages) === "done") {
        at += 1;
        if (this.#isFull) this.#forget(messages);
      }
      isOpen = this.#teacher.isOpen(messages.container);
      if (isOpen) stop = exports.processMessages(at, count);
    }
    this.#settle(messages, this.#atHand.ts);
    return isOpen ? count : at;
  }

  #canTake({ bytes, container }: LaneBatch): boolean {
    return this.#teacher.isOpen(container) && bytes.length <= this.#machine.exports.INPUT_LIMIT.value;
  }

  /** Puts the batch into the module's memory; gives its address. */
  #begin(lines: LaneBatch): number {
    const { bytes, exports } = this.#machine;
    this.#heedRules();
    const start = exports.INPUT.value;
    bytes.set(lines.bytes, start);
    this.#atHand.begin(start + lines.bytes.length);
    exports.setPending(lines.isPending);
    exports.setCleared(0);
    this.#enter(lines);
    return start;
  }

  /** The module can't go on by itself. */
  #help(stop: number, lines: LaneBatch): Fate {
    const { exports } = this.#machine;
    switch (stop) {
      case STOP.full:
        return this.#files.makeRoom(exports.full.value) ? "again" : this.#long(lines, "refused");
      case STOP.judge:
        if (this.#teacher.mayHoldSecret(this.#atHand.text)) return this.#long(lines, "secret");
        exports.setCleared(exports.lineAt.value);
        return "again";
      case STOP.pending:
        this.#settleLong(lines);
        return "again";
      case STOP.newShape:
        return this.#meetShape(lines);
      case STOP.newPlan:
        return this.#learn(lines);
      default:
        return this.#long(lines, REASON_NAMES[exports.reason.value] ?? "other");
    }
  }

  #long(lines: LaneBatch, reason: Reason): Fate {
    const { exports } = this.#machine;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    const { ts, raw } = this.#atHand;
    lines.long(ts, raw, !exports.isHigh.value, Boolean(exports.isClear.value));
    exports.setPending(true);
    return "done";
  }

  #settleLong(lines: LaneBatch): void {
    this.#files.tell();
    lines.settle();
    this.#machine.exports.setPending(false);
    this.#files.doubtRoom();
  }

  /** A shape that was met before, and is looked at now: what decides about its lines? */
  #meetShape(lines: LaneBatch): Fate {
    const { exports } = this.#machine;
    if (this.#lessons <= 0) return this.#long(lines, "shape_new");
    const slots = readSlots(this.#machine);
    const shape = exports.addShape();
    this.#isFull ||= shape === 0;
    const line = this.#atHand.lesson(lines, slots);
    const questions = line && shape !== 0 ? this.#teacher.questionsOf(line) : undefined;
    if (questions === undefined || !this.#setQuestions(shape, questions)) return this.#long(lines, "shape");
    const known = exports.askAgain(exports.lineAt.value, exports.newlineAt.value);
    if (known === 1) return "again";
    return known < 0 ? this.#long(lines, "value") : this.#learn(lines);
  }

  #setQuestions(shape: number, questions: readonly Question[]): boolean {
    const address = this.#book.encode(questions);
    this.#isFull ||= address === 0;
    if (address === 0) return false;
    this.#questions.set(shape, questions);
    this.#machine.exports.setQuestions(shape, address);
    return true;
  }

  /** The line goes the long way, and becomes the plan for those like it. */
  #learn(lines: LaneBatch): Fate {
    const { exports } = this.#machine;
    const shape: number = exports.lastShape.value;
    const line = this.#atHand.lesson(lines, readSlots(this.#machine));
    if (line === undefined || this.#lessons <= 0) return this.#long(lines, "plan_new");
    this.#lessons -= 1;
    this.#settleLong(lines);
    this.#reasons.set("learned", (this.#reasons.get("learned") ?? 0) + 1);
    const { raw } = this.#atHand;
    const lesson = this.#teacher.learn(line, this.#questions.get(shape) ?? [], () => {
      lines.long(line.ts, raw, !exports.isHigh.value, false);
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
    else this.#taken.set(number, credit);
  }

  /** Rules were read again: what was decided by the old ones counts no more. Nothing waits between two calls. */
  #heedRules(): void {
    if (this.#edition === this.#teacher.edition && !this.#contexts.isFull) return;
    this.#edition = this.#teacher.edition;
    this.#dropAll();
  }

  #forget(lines: LaneBatch): void {
    this.#settle(lines, undefined);
    this.#dropAll();
    this.#enter(lines);
    this.#isFull = false;
  }

  #dropAll(): void {
    this.#files.forget();
    this.#machine.exports.forget();
    this.#questions.clear();
    this.#book.forget();
    this.#taken.forget();
    this.#contexts = new Contexts();
  }

  /** Plans are those of a container, a stream and a date. */
  #enter({ container, stream, ts }: LaneBatch): void {
    const context = this.#contexts.numberOf(container, stream, this.#teacher.dateOf(ts));
    this.#machine.exports.setContext(this.#teacher.scopeOf(container), context);
  }

  /** Appends and counts what the module did. */
  #settle(lines: LaneBatch, lastTs: string | undefined): void {
    this.#files.appendAll();
    const taken = this.#taken.settle(lines, lastTs);
    this.#lessons = Math.min(MOST_LESSONS, this.#lessons + taken / LINES_A_LESSON);
    this.#teacher.count(taken, this.#reasons);
    this.#reasons.clear();
  }
}
