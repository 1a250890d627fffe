import type { LearnedForm } from "../../core/line.js";
import { readHead } from "./head.js";
import { isHead, type Kind, kindOf } from "./kinds.js";
import type { Head } from "./shape.js";

/** From this score on, a line without a head goes on with the event before it. */
const SURE = 3;
const SURE_INDENTED = 2;
const SURE_DEEP = 1;
const HIGHEST = 16;
/** What an event that has lines without a head costs. Where such are many, only a long row of others makes sure again. */
const DOUBT = 3;
const LOWEST = -13;
/** What a line without a message ends with. */
const SEPARATORS = " \t]:-|>)=";
const MOST_DOTTED = 8;
/** Lines whose names are counted. */
const MOST_NAMES = 64;

const requestAndAnswer = /^(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS) \/\S{0,8000} [1-5]\d\d /;

/** What is known of a container that has printed nothing. */
export const UNLEARNED: LearnedForm = { kind: "", score: 0, named: 0, unnamed: 0, column: 0 };

/** How a line stands to what was learned. */
export interface Standing {
  readonly headed: boolean;
  readonly kind: Kind;
}

/** Whether `text` begins as the container's events do. */
export function standingOf(form: LearnedForm, text: string): Standing {
  const kind = kindOf(text);
  if (isHead(kind, form.kind)) return { headed: true, kind };
  // Of a container whose heads stand at the beginning, indented ones are a trace that the logger printed (Fluentd).
  const isWithin = kind === "padded dated" && form.kind === "dated" && isDeep(text) && form.score >= SURE;
  if (kind !== "" && !isWithin && saysAll(text, form)) return { headed: true, kind };
  if (form.column > 1 && isPadded(text, form)) return { headed: true, kind: form.kind };
  return { headed: false, kind };
}

/** A time and a level are a head, whatever stands before them. */
function saysAll(text: string, form: LearnedForm): boolean {
  const head = readHead(text, form);
  return head?.level !== undefined && head.data.time !== undefined;
}

/** Nearly all events begin with a head: a line without one is none. */
export function isSureOfAll(form: LearnedForm): boolean {
  return form.score >= SURE;
}

/** The same of one line: of an indented one it is believed sooner. */
export function isSure(form: LearnedForm, text: string): boolean {
  if (isSureOfAll(form)) return true;
  return isIndented(text) && form.score >= (isDeep(text) ? SURE_DEEP : SURE_INDENTED);
}

/** Indented, or the closing bracket of what was. */
export function isIndented(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === 32 || first === 9 || first === 125 || first === 93 || first === 41;
}

/** By a tab or two blanks: one may be the text's own (` * Running on …`). */
function isDeep(text: string): boolean {
  return text.charCodeAt(0) === 9 || text.startsWith("  ");
}

/** A request and its answer, as web frameworks print them between lines with heads: an event of its own, and no hint of what the others are. */
export function isRequest(text: string): boolean {
  return requestAndAnswer.test(text);
}

/** A head with a level and no message: what it says stands on the lines behind it. */
export function saysNothing(line: string, form: LearnedForm): boolean {
  if (!SEPARATORS.includes(line.charAt(line.length - 1))) return false;
  const head = readHead(line, form);
  return head?.level !== undefined && head.end >= line.trimEnd().length;
}

/** A line that begins an event was seen. The same form again when it teaches nothing. */
export function learnHead(form: LearnedForm, text: string, kind: Kind): LearnedForm {
  const same = form.score > 0 && form.kind !== "" ? form.kind : kind;
  if (form.score === HIGHEST) return form;
  const head = readHead(text, form);
  const counts = head?.data.time !== undefined && form.named + form.unnamed < MOST_NAMES;
  return {
    kind: same,
    score: form.score + 1,
    named: form.named + (counts && head.name === true ? 1 : 0),
    unnamed: form.unnamed + (counts && isUnnamed(head) ? 1 : 0),
    column: head?.level === undefined ? form.column : head.levelColumn,
    process: head?.level === undefined ? form.process : sameProcess(form.process, head.process),
    dotted: head?.level === undefined ? form.dotted : surer(form.dotted ?? 0, head.dotted === true),
    timeless: isTimeless(head) ? timeless(form, text, head) : form.timeless,
  };
}

function sameProcess(known: number | undefined, process = 0): number {
  return known === undefined || known === process ? process : 0;
}

/** One line without outweighs two with one: a message's own words are seldom in a row. */
function surer(known: number, again: boolean): number {
  return again ? Math.min(MOST_DOTTED, known + 1) : Math.max(-MOST_DOTTED, known - 2);
}

/** A level that is lined up to the right has a name behind it in all lines. */
function timeless(form: LearnedForm, text: string, { name, data }: Head): number {
  const isLinedUp = (name === true || data.logger !== undefined) && text.charCodeAt(0) === 32;
  return isLinedUp ? MOST_DOTTED : surer(form.timeless ?? 0, name === true);
}

function isTimeless(head: Head | undefined): head is Head {
  return head?.level !== undefined && head.data.time === undefined;
}

function isUnnamed({ name, level, data }: Head): boolean {
  return name === false || (level === undefined && data.logger === undefined);
}

/** The first line without a head behind an event, or on its own. One of a weak kind may be how the container's lines begin. */
export function learnNoHead(form: LearnedForm, kind: Kind): LearnedForm {
  if (form.kind === "" && kind === "") return form;
  if (kind !== "" && form.score < SURE) return { ...form, kind, score: Math.min(1, form.score + 1) };
  return { ...form, score: Math.max(LOWEST, form.score - DOUBT) };
}

/** rich leaves the time out where it is the same again: the level stands in its column, behind blanks. */
function isPadded(text: string, { column }: LearnedForm): boolean {
  if (text.charCodeAt(0) !== 32 || text.charCodeAt(column - 1) !== 32) return false;
  const code = text.charCodeAt(column);
  return (
    code >= 65 && code <= 90 && text.slice(0, column).trim() === "" && /^[A-Z]{4,8} /.test(text.slice(column))
  );
}
