import type { Container } from "../core/container.js";
import type { StreamName } from "../core/line.js";
import type { Program } from "./programs.js";
import type { Question } from "./questions.js";
import type { Reason } from "./reasons.js";
import type { Slot } from "./slots.js";

/** A line that is learned from. */
export interface LessonLine {
  readonly container: Container;
  readonly stream: StreamName;
  readonly ts: string;
  readonly text: string;
  readonly slots: readonly Slot[];
}

/** What lines with a plan are worth, beside what is written of them. */
export interface Credit {
  readonly program: Program;
}

export interface Lesson {
  /** Undefined: lines like this one go the long way. */
  readonly credit: Credit | undefined;
  /** More has to be asked about lines of this shape before any plan can hold. */
  readonly questions: readonly Question[] | undefined;
  /** Nothing was learned from this line, which says nothing about others like it. */
  readonly isPassing: boolean;
}

/** Lines that were taken by one plan. */
export interface TakenLines {
  readonly container: Container;
  readonly stream: StreamName;
  readonly count: number;
  /** UTF-16 code units in them. */
  readonly characters: number;
  /** Engine time of the last line that was read; undefined while more of it follows. */
  readonly lastTs: string | undefined;
}

/** What the lane has to know of the long way. */
export interface Teacher {
  /** Another object when other rules hold. */
  readonly edition: unknown;
  readonly looksForSecrets: boolean;
  /** Whether lines of the container may be taken at all. */
  takes(container: Container): boolean;
  /** Whether lines of the container may be taken now: something may have to see each of them. */
  isOpen(container: Container): boolean;
  mayHoldSecret(text: string): boolean;
  /** The date of the files that a line of this time goes to. */
  dateOf(ts: string): string;
  /** Containers about whose lines the same rules ask have one number. */
  scopeOf(container: Container): number;
  /** What has to be asked about lines of this line's shape; undefined where that can't be told. */
  questionsOf(line: LessonLine): readonly Question[] | undefined;
  /** Lets the line go the long way, by `takeLong`, and learns from what it sees. */
  learn(line: LessonLine, questions: readonly Question[], takeLong: () => void): Lesson;
  /** Counts lines that were taken. */
  credit(credit: Credit, lines: TakenLines): void;
  /** How many lines were taken, and why others were not. */
  count(taken: number, reasons: ReadonlyMap<Reason, number>): void;
}
