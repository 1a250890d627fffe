import { isDigit, isLetter } from "../../core/characters.js";
import { copyOf } from "../../core/copy-of.js";
import type { LearnedForm } from "../../core/line.js";
import { decideAlike } from "./evidence.js";
import type { HeadRoom, Holder } from "./room.js";
import { HeadScan } from "./scan.js";
import { isSeparator } from "./separators.js";
import type { Head, ScanState } from "./shape.js";
import { endOfClock, endOfDated } from "./times.js";
import { mayBeName } from "./words-ahead.js";

/** Of so many heads those that came last are kept: loggers and threads take turns. */
const MOST_HEADS = 16;
/** Keeping a head costs as many lines that are read by one: where nearly each line has a new head, few are kept. */
const PRICE = 8;
const MOST_SAVED = 64;
const SAVED_AT_FIRST = 2 * PRICE;
/** After so many lines with times of another form in a row the container has changed its form. */
const MOST_STRANGE = 16;

const SPACE = 32;
const CLOSE = 93;
const TIME = '"time":"';

interface UsualHead {
  /** What stands between the time and the message. */
  readonly behindTime: string;
  /** What the grammar knew there. */
  readonly state: ScanState;
  /** The text of the data, but for the time. */
  readonly jsonBefore: string;
  readonly jsonBehind: string;
}

/**
 * The heads that a container's lines had last: a line that has one of them, with another time, is not taken apart from the
 * beginning, the grammar goes on behind it. What it reads is the same, for all that it looked at is the same but for the digits of
 * the time. Only heads that end with a blank are kept: no pattern that takes a piece of a head looks further than to the character
 * behind that.
 */
export class UsualHeads implements Holder {
  /** The beginning that all of the heads have: what stands before the time, and a time. */
  #before = "";
  #time = "";
  #heads: UsualHead[] = [];
  #saved = SAVED_AT_FIRST;
  #strange = 0;
  /** What the heads were read by. */
  #learned: LearnedForm | undefined;

  readonly #room: HeadRoom;

  constructor(room: HeadRoom) {
    this.#room = room;
  }

  /** How many are kept. */
  get count(): number {
    return this.#heads.length;
  }

  forget(): void {
    this.#heads = [];
  }

  /** `text` is as long as heads are looked for. */
  read(text: string, learned: LearnedForm | undefined): Head | undefined {
    const start = this.#before.length;
    const end = start + this.#time.length;
    if (!this.#begins(text) || !this.#fits(learned)) return undefined;
    for (const usual of this.#heads) {
      if (!text.startsWith(usual.behindTime, end)) continue;
      const at = end + usual.behindTime.length;
      if (isSeparator(text.charCodeAt(at))) return undefined;
      // What stands behind a time may be its zone.
      if (usual.behindTime.trim() === "" && !isTime(text, start, end)) return undefined;
      this.#saved = Math.min(MOST_SAVED, this.#saved + 1);
      return readBehind(usual, text, { time: text.slice(start, end), at, learned });
    }
    return undefined;
  }

  /** Keeps the head that the grammar has read of a line, if it may. */
  keep(text: string, { data: { time, source }, end }: Head, learned: LearnedForm | undefined): void {
    if (time === undefined || !endsForCertain(text, end)) return;
    const start = text.lastIndexOf(time, end);
    if (text.indexOf(time) !== start || !isTime(text, start, start + time.length)) return;
    if (this.#saved < PRICE || !this.#isForm(text, start, time) || mayBeSaid(text, end, source)) return;
    this.#saved -= PRICE;
    this.#fits(learned);
    const own = copyOf(text);
    const scan = new HeadScan(own, learned);
    const state = scan.read() === undefined ? undefined : scan.stateAtEnd();
    if (state === undefined) return;
    const json = JSON.stringify(state.data);
    const said = json.indexOf(TIME + time) + TIME.length;
    this.#room.take(this);
    this.#heads.unshift({
      behindTime: own.slice(start + time.length, end),
      state,
      jsonBefore: json.slice(0, said),
      jsonBehind: json.slice(said + time.length),
    });
    if (this.#heads.length > MOST_HEADS) this.#heads.pop();
  }

  /** What was learned since must not have the heads read otherwise. */
  #fits(learned: LearnedForm | undefined): boolean {
    const alike = decideAlike(learned, this.#learned);
    if (!alike) this.#heads = [];
    this.#learned = learned;
    return alike;
  }

  /** Whether the line begins as those do whose heads are kept; where none are, or these came no more for long, it gives the form. */
  #isForm(text: string, start: number, time: string): boolean {
    if (this.#begins(text) && start === this.#before.length && time.length === this.#time.length) return true;
    this.#strange += 1;
    if (this.#heads.length > 0 && this.#strange < MOST_STRANGE) return false;
    const own = copyOf(text.slice(0, start + time.length));
    this.#before = own.slice(0, start);
    this.#time = own.slice(start);
    this.#heads = [];
    this.#strange = 0;
    return true;
  }

  #begins(text: string): boolean {
    const before = this.#before;
    const time = this.#time;
    if (this.#heads.length === 0 || (before !== "" && !text.startsWith(before))) return false;
    for (let at = 0, from = before.length; at < time.length; at += 1) {
      const code = text.charCodeAt(from + at);
      const usual = time.charCodeAt(at);
      if (code !== usual && !(isDigit(code) && isDigit(usual))) return false;
    }
    this.#strange = 0;
    return true;
  }
}

/** Where a usual head ends in another line. */
interface Place {
  readonly time: string;
  readonly at: number;
  readonly learned: LearnedForm | undefined;
}

function readBehind(usual: UsualHead, text: string, { time, at, learned }: Place): Head {
  const { state, jsonBefore, jsonBehind } = usual;
  const { level, data, levelColumn } = state;
  let { name = data.logger === undefined ? false : undefined, process, dotted } = state;
  if (!isMessage(state, text, at)) {
    const head = new HeadScan(text, learned).goOn(state, time, at);
    if (head.end !== at) return head;
    ({ name, process, dotted } = head);
  }
  const json = jsonBefore + time + jsonBehind;
  return { level, data: { ...data, time }, end: at, name, levelColumn, process, dotted, json };
}

/** Whether the message begins here for certain: behind a level no word is the head's that can't be a name. */
function isMessage({ level, dashes }: ScanState, text: string, at: number): boolean {
  return isLetter(text.charCodeAt(at)) && level !== undefined && !dashes && !mayBeName(text, at);
}

/** Of these two kinds any digits are a time. */
function isTime(text: string, start: number, end: number): boolean {
  return endOfDated(text, start) === end || endOfClock(text, start) === end;
}

/** A word in a bracket behind the place's: before pairs in brackets it is the message. */
function mayBeSaid(text: string, end: number, source: string | undefined): boolean {
  return source !== undefined && text.charCodeAt(end - 2) === CLOSE && !text.endsWith(source, end - 2);
}

/** With a blank, and a word before it: a sign may have its word behind it. */
function endsForCertain(text: string, end: number): boolean {
  if (text.charCodeAt(end - 1) !== SPACE) return false;
  let at = end - 2;
  while (text.charCodeAt(at) === SPACE) at -= 1;
  return text.charCodeAt(at) < 128;
}
