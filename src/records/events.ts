import { withoutColours } from "../core/colours.js";
import type { LearnedForm, LineJoiner, Relation } from "../core/line.js";
import { LEVEL_RANK } from "../core/record.js";
import { carrierOf } from "./carrier.js";
import { readHead } from "./heads/head.js";
import { kindOf } from "./heads/kinds.js";
import {
  isIndented,
  isRequest,
  isSure,
  isSureOfAll,
  learnHead,
  learnNoHead,
  type Standing,
  saysNothing,
  standingOf,
} from "./heads/learning.js";
import { readLiteral } from "./literal.js";
import { readRequest } from "./shapes/text/request-line.js";
import { NOT_PART, never, type Trace } from "./traces/trace.js";
import { tracesFor } from "./traces/traces.js";
import { reportsTrouble, troubleOf } from "./traces/trouble.js";

const SPACE = 32;
const OPEN = 123;
/** Rocket's details: `   >> address: 127.0.0.1`. */
const arrow = /^ {2,8}(?:>>|=>|->|[└├╰│]) ?\S/;
/** How an empty line stands to what was learned. */
const NOTHING: Standing = { headed: false, kind: "" };

/**
 * Joins the stack traces of the known languages, and, where nearly all events of the container begin with a head (a
 * time, a level …), lines without one to the event before them: messages of several lines, tables, statements, objects
 * and traces that nobody described. What is learned rests on the lines alone, so that the same lines join in the same
 * way after a restart.
 */
export class EventJoiner implements LineJoiner {
  #learned: LearnedForm | undefined;
  /** The trace that goes on, if any, and how far it has come. */
  #trace: Trace | undefined;
  #state = NOT_PART;
  /** The first line of the event that a trace or a line without a head may belong to. */
  #line: string | undefined;
  /** The event has lines without a head: they were counted once. */
  #doubted = false;
  /** The event has indented lines: an empty one behind them is its end. */
  #detailed = false;
  /** Whose line came last, where one program prints the lines of others. */
  #program: string | undefined;

  /** Without a form to begin with nothing is learned. */
  constructor(learned: LearnedForm | undefined) {
    this.#learned = learned;
  }

  get learned(): LearnedForm | undefined {
    return this.#learned;
  }

  /** Goes on where another was, unless the container's labels have put an end to it. */
  set learned(learned: LearnedForm | undefined) {
    if (this.#learned !== undefined) this.#learned = learned;
  }

  relate(printed: string): Relation {
    const bare = withoutColours(printed);
    const carrier = carrierOf(bare);
    // Another program's line goes on with none of this one's.
    if (carrier?.program !== this.#program) this.reset();
    this.#program = carrier?.program;
    const text = carrier === undefined ? bare : bare.slice(carrier.end);
    if (text.charCodeAt(0) === OPEN && isObject(text)) {
      this.reset();
      return "whole";
    }
    return this.#goesOn(text) ? "joins" : this.#begin(text);
  }

  reset(): void {
    this.#trace = undefined;
    this.#line = undefined;
    this.#doubted = false;
    this.#detailed = false;
  }

  #goesOn(text: string): boolean {
    if (this.#trace === undefined) return false;
    this.#state = this.#trace.next(this.#state, text);
    return this.#state !== NOT_PART;
  }

  /** A line that the event before it does not take as a trace's: part of the line before, or a beginning. */
  #begin(text: string): Relation {
    const before = this.#line;
    const ended = this.#trace;
    this.#trace = undefined;
    const traces = tracesFor(text);
    for (let at = 0; at < traces.length; at += 1) {
      const trace = traces[at] as Trace;
      // Half of them have no first line, or never follow an ordinary one: calls that are not made are the cheapest.
      const state = trace.start === never ? NOT_PART : trace.start(text);
      // Behind one that has ended, a trace of the same kind is another's.
      const isAnother = trace === ended && state !== NOT_PART;
      const follows = before !== undefined && !isAnother && trace.follow !== never;
      if (follows && this.#take(trace, trace.follow(before, text))) return "joins";
      if (state !== NOT_PART) return this.#startTrace(trace, state, text);
    }
    if (this.#learned !== undefined && this.#continues(text)) return "joins";
    this.reset();
    if (text === "") return "whole";
    this.#line = text;
    return "starts";
  }

  #take(trace: Trace, state: number): boolean {
    if (state === NOT_PART) return false;
    this.#trace = trace;
    this.#state = state;
    return true;
  }

  #startTrace(trace: Trace, state: number, text: string): Relation {
    this.reset();
    this.#take(trace, state);
    this.#line = text;
    if (this.#learned !== undefined) {
      const { headed, kind } = standingOf(this.#learned, text);
      if (headed) this.#learned = learnHead(this.#learned, text, kind);
    }
    return "starts";
  }

  /** Learns from the line, and tells whether it goes on with the event before it. */
  #continues(text: string): boolean {
    const form = this.#learned as LearnedForm;
    const before = this.#line;
    const { headed, kind } = text === "" ? NOTHING : standingOf(form, text);
    if (headed) {
      this.#learned = learnHead(form, text, kind);
      return false;
    }
    const silent = before !== undefined && !this.#doubted && saysNothing(before, form);
    const sure =
      silent || (before !== undefined && (this.#doubted || (isSure(form, text) && mayGoOn(before, text))));
    const known = sure || (before !== undefined && (isDetail(before, text) || isAnnounced(before, text)));
    if (text === "") return known || this.#detailed;
    if (isRequest(text) || (known && this.#isOwnTrouble(text))) return false;
    const expected = silent || this.#doubted || isIndented(text) || (known && isAnnounced(before, text));
    const next = expected ? form : learnNoHead(form, kind);
    // Behind an error a trace may stand, whatever the others are.
    if (next !== form && !(before !== undefined && reportsTrouble(before))) this.#learned = next;
    // What is indented is believed sooner, and says nothing of lines that are not.
    this.#doubted ||= silent || (sure && isSureOfAll(form));
    this.#detailed ||= sure;
    return known;
  }

  /** An error never hides in an event that reports none. */
  #isOwnTrouble(text: string): boolean {
    const line = this.#line as string;
    if (troubleOf(text, "stdout") === undefined || reportsTrouble(line)) return false;
    const level = readHead(line)?.level;
    return level === undefined || LEVEL_RANK[level] < LEVEL_RANK.warning;
  }
}

/** JSON has a quote or its end behind the bracket; other languages' objects are text unless they are log events. */
function isObject(text: string): boolean {
  let at = 1;
  while (text.charCodeAt(at) <= 32) at += 1;
  const next = text.charCodeAt(at);
  return next === 34 || next === 125 || readLiteral(text) !== undefined;
}

/** An access line is its event: what is printed behind it without a head is another's, unless it is indented. */
function mayGoOn(before: string, text: string): boolean {
  // An error has its details behind it, whatever was asked for.
  if (isIndented(text) || reportsTrouble(before)) return true;
  return !isRequest(before) && kindOf(before) !== "address" && readRequest(before) === undefined;
}

/** Behind a colon an object or a list, and whatever an arrow sets under the line before it. */
function isAnnounced(before: string | undefined, text: string): boolean {
  if (before === undefined) return false;
  const first = text.charCodeAt(0);
  if (first === SPACE) return text.charCodeAt(1) === SPACE && arrow.test(text);
  return (first === OPEN || first === 91) && before.trimEnd().endsWith(":") && kindOf(text) === "";
}

/** What stands indented behind an error is about it, whatever is known of the container. */
function isDetail(before: string, text: string): boolean {
  return isIndented(text) && troubleOf(before, "stdout") !== undefined;
}
