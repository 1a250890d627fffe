import { dropAll, take } from "./arena";
import {
  COUNTS,
  FILES,
  HALVES,
  INPUT,
  INPUT_LIMIT,
  MESSAGES,
  MOST_FILES,
  MOST_MESSAGES,
  MOST_PLANS,
  OUTPUT,
  OUTPUT_SIZE,
  OUTPUT_STEP,
  PLAN_ENTRIES,
  PLANS,
  SEEN,
  SEEN_SIZE,
  SHAPE_ENTRIES,
  SHAPES,
  SLOT_BYTES,
  TAPE,
  TIME,
  TOUCHED,
  TRACES,
} from "./layout";
import { addMember } from "./members";
import { addPlan as addPlanFor, findPlan, forgetPlans, numberOf, plan, planSeen, programOf } from "./plans";
import { ask, keyLength } from "./questions";
import { fullFile, run } from "./run";
import { ESCAPE, HIGH, lineEnd, lineFlags, SUSPECT, scanLine } from "./scan";
import { addShape as addShapeFor, findShape, forgetShapes, questionsOf, setQuestions, shape, shapeSeen } from "./shapes";
import { tick } from "./time";
import { isPlainUtf8, units } from "./utf8";
import { slots, walk } from "./walk";

export {
  addMember,
  COUNTS,
  FILES,
  HALVES,
  INPUT,
  INPUT_LIMIT,
  MESSAGES,
  MOST_FILES,
  MOST_MESSAGES,
  MOST_PLANS,
  OUTPUT,
  OUTPUT_SIZE,
  OUTPUT_STEP,
  SLOT_BYTES,
  setQuestions,
  TAPE,
  TIME,
  TOUCHED,
  TRACES,
  take,
  tick,
};

/** Why `process` stops; `lane.ts` has the same. */
const DONE: i32 = 0;
const LONG: i32 = 1;
const FULL: i32 = 2;
const NEW_SHAPE: i32 = 3;
const NEW_PLAN: i32 = 4;
const JUDGE: i32 = 5;
const PENDING: i32 = 6;

/** Why a line goes the long way; `reasons.ts` has the same. */
const OTHER: i32 = 0;
const NOT_JSON: i32 = 1;
const COLOURED: i32 = 2;
const NOT_UTF8: i32 = 3;
const UNREADABLE: i32 = 4;
const SHAPE_NEW: i32 = 5;
const SHAPE_LONG: i32 = 6;
const VALUE_LONG: i32 = 7;
const PLAN_NEW: i32 = 8;
const PLAN_LONG: i32 = 9;
const REFUSED: i32 = 10;
const LINE_LONG: i32 = 11;

/** A line may be copied some times into the buffer of a file. */
const LONGEST_LINE: usize = 8000;
/** Shapes and keys are learned when they were seen so often. */
const SEEN_ENOUGH: u32 = 2;

/** The line at which `process` stopped: where it begins, where its newline stands, whether it holds bytes that are not ASCII. */
export let lineAt: usize = 0;
export let newlineAt: usize = 0;
export let isHigh: bool = false;
/** It has no colours, and no trace of a secret was seen in it. */
export let isClear: bool = false;
/** The number of the message that this line is. */
export let messageAt: i32 = 0;
export let reason: i32 = 0;
export let lastShape: usize = 0;
export let full: i32 = 0;
/** The line that was judged to hold no secret. */
export let cleared: usize = 0;
/** An event waits for more lines: it ends before a line is taken. */
export let pending: bool = false;
/** Rules and container of the lines (see lane.ts). */
export let scope: u32 = 0;
export let context: u32 = 0;
/** Plans that have counts. */
export let touched: i32 = 0;

/** Whether secrets are looked for at all. */
let isJudging: bool = true;

export function setJudging(judging: bool): void {
  isJudging = judging;
}
export function setCleared(at: usize): void {
  cleared = at;
}
export function setPending(isPending: bool): void {
  pending = isPending;
}
export function setContext(newScope: u32, newContext: u32): void {
  scope = newScope;
  context = newContext;
}
export function clearTouched(): void {
  touched = 0;
}
export function slotCount(): i32 {
  return slots;
}
export function keySize(): i32 {
  return <i32>keyLength;
}

/** Takes the lines between `from` and `to` that it knows, up to the first one with which it needs help. */
export function process(from: usize, to: usize): i32 {
  let at = from;
  while (scanLine(at, to)) {
    const end = lineEnd;
    lineAt = at;
    newlineAt = end;
    look(at);
    const stop = takeLine(at, end);
    if (stop != DONE) return stop;
    tick();
    at = end + 1;
  }
  lineAt = at;
  return DONE;
}

/** The same of messages, by their numbers: each has its time and a space in front of its text, and is one line. */
export function processMessages(from: i32, to: i32): i32 {
  for (let at = from; at < to; at++) {
    const start = <usize>load<u32>(MESSAGES + <usize>at * 8);
    const end = <usize>load<u32>(MESSAGES + <usize>at * 8 + 4);
    v128.store(TIME, v128.load(start - 31));
    v128.store(TIME + 14, v128.load(start - 17));
    messageAt = at;
    lineAt = start;
    newlineAt = end;
    scanLine(start, end + 1);
    look(start);
    const stop = lineEnd == end ? takeLine(start, end) : long(OTHER);
    if (stop != DONE) return stop;
  }
  return DONE;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function look(start: usize): void {
  isHigh = (lineFlags & HIGH) != 0;
  isClear = (lineFlags & (SUSPECT | ESCAPE)) == 0 || cleared == start;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function long(why: i32): i32 {
  reason = why;
  return LONG;
}

function takeLine(start: usize, end: usize): i32 {
  if (load<u8>(start) != 123) return long(NOT_JSON);
  if (end - start > LONGEST_LINE) return long(LINE_LONG);
  if ((lineFlags & ESCAPE) != 0) return long(COLOURED);
  if (isHigh && !isPlainUtf8(start, end)) return long(NOT_UTF8);
  if ((lineFlags & SUSPECT) != 0 && isJudging && cleared != start) return JUDGE;
  if (!walk(start, end)) return long(UNREADABLE);
  if (!findShape(scope)) return shapeSeen() < SEEN_ENOUGH ? long(SHAPE_NEW) : NEW_SHAPE;
  lastShape = shape;
  const questions = questionsOf(shape);
  if (questions == 0) return long(SHAPE_LONG);
  if (!ask(questions, context, start, end, isHigh)) return long(VALUE_LONG);
  if (!findPlan()) return planSeen() < SEEN_ENOUGH ? long(PLAN_NEW) : NEW_PLAN;
  const program = programOf(plan);
  if (program == 0) return long(PLAN_LONG);
  if (pending) return PENDING;
  if (!run(program, start, end)) {
    full = fullFile;
    return fullFile < 0 ? long(REFUSED) : FULL;
  }
  count(numberOf(plan), isHigh ? units : <u32>(end - start));
  return DONE;
}

function count(number: usize, characters: u32): void {
  const counts = COUNTS + number * 8;
  const lines = load<u32>(counts);
  if (lines == 0) {
    store<u32>(TOUCHED + <usize>touched * 4, <u32>number);
    touched++;
  }
  store<u32>(counts, lines + 1);
  store<u32>(counts + 4, load<u32>(counts + 4) + characters);
}

/** The line at hand is one of a new shape, whose lines go the long way until questions are set; 0 when there is no room. */
export function addShape(): usize {
  if (!addShapeFor(scope)) return 0;
  lastShape = shape;
  return shape;
}

/** Finds out what decides about the line at hand, of a shape that has new questions. Whether a plan is known for it. */
export function askAgain(start: usize, end: usize): i32 {
  if (!ask(questionsOf(shape), context, start, end, isHigh)) return -1;
  return findPlan() ? 1 : 0;
}

/** Adds a plan for the line at hand; gives its number, -1 when there is no room. */
export function addPlan(program: usize): i32 {
  return addPlanFor(program);
}

/** Forgets shapes, plans and files. */
export function forget(): void {
  memory.fill(SHAPES, 0, <usize>SHAPE_ENTRIES * 16);
  memory.fill(PLANS, 0, <usize>PLAN_ENTRIES * 16);
  memory.fill(SEEN, 0, <usize>SEEN_SIZE);
  memory.fill(COUNTS, 0, <usize>MOST_PLANS * 8);
  memory.fill(FILES, 0, <usize>MOST_FILES * 16);
  touched = 0;
  dropAll();
  forgetShapes();
  forgetPlans();
}
