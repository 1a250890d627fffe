import { isDigit } from "../../core/characters.js";
import type { LearnedForm } from "../../core/line.js";
import type { Level } from "../../core/record.js";
import { BareNames } from "./bare.js";
import { beginHead } from "./begin.js";
import { isOpening } from "./bracket-looks.js";
import { Brackets } from "./brackets.js";
import { endOfGlued, endOfLevel, takeAddress, takeBeforeTime } from "./glued.js";
import { type LevelToken, levelInside, levelOfOrdinaryWord } from "./level-words.js";
import { matchAt } from "./match.js";
import { numberOrText } from "./names.js";
import * as patterns from "./patterns.js";
import { DASHES, endOfSeparators } from "./separators.js";
import { type Head, type HeadData, type HeadWalk, type ScanState, take } from "./shape.js";
import { endOfClock, endOfDated, endOfNumber } from "./times.js";
import { isKeyAt } from "./words-ahead.js";

/** A head of more pieces is none. */
const MOST_TOKENS = 14;

/** Walks through one line's head. Made for one line, then thrown away. */
export class HeadScan implements HeadWalk {
  readonly text: string;
  readonly learned: LearnedForm | undefined;
  readonly #bare = new BareNames(this);
  /** Pieces that may still come. */
  #left = MOST_TOKENS;
  #leftAtEnd = MOST_TOKENS;
  #nameAtEnd: boolean | undefined;
  #processAtEnd: number | undefined;
  #dottedAtEnd: boolean | undefined;
  at = 0;
  level: Level | undefined;
  coded = false;
  data: HeadData = {};
  /** Behind the last piece that is the head's for certain. */
  end = 0;
  /** What was read behind `end`: the head's if a time or a level follows. */
  tentative: HeadData | undefined;
  name: boolean | undefined;
  process: number | undefined;
  dotted: boolean | undefined;
  levelColumn = 0;
  /** Spring's `---` was seen: names in brackets are the app and the thread, and a name ends with a colon. */
  dashes = false;

  constructor(text: string, learned: LearnedForm | undefined) {
    this.text = text;
    this.learned = learned;
  }

  read(): Head | undefined {
    beginHead(this);
    return this.#read();
  }

  /** Goes on where a walk through another line with the same head was, with this line's time. */
  goOn(state: ScanState, time: string, at: number): Head {
    this.level = state.level;
    take(this.data, state.data);
    this.data.time = time;
    this.name = state.name;
    this.process = state.process;
    this.dotted = state.dotted;
    this.levelColumn = state.levelColumn;
    this.dashes = state.dashes;
    this.coded = state.coded;
    this.#left = state.left;
    this.at = at;
    this.end = at;
    return this.#read() as Head;
  }

  /** What was known where the head ended, before anything behind it was looked at. */
  stateAtEnd(): ScanState {
    const { level, data, levelColumn, dashes, coded } = this;
    return {
      coded,
      level,
      data,
      levelColumn,
      dashes,
      name: this.#nameAtEnd,
      process: this.#processAtEnd,
      dotted: this.#dottedAtEnd,
      left: this.#leftAtEnd,
    };
  }

  #read(): Head | undefined {
    while (this.#left > 0 && this.at < this.text.length) {
      this.#left -= 1;
      if (!this.#token()) break;
    }
    if (this.end === 0) return undefined;
    const { level, data, end, name, levelColumn, process, dotted } = this;
    return { level, data, end, name, levelColumn, process, dotted };
  }

  /** The piece that ends at `at` is the head's, with the separators behind it and all that was tentative before it. */
  commit(): void {
    if (this.tentative !== undefined) {
      take(this.data, this.tentative);
      this.tentative = undefined;
    }
    this.separators();
    this.end = this.at;
    this.#leftAtEnd = this.#left;
    this.#nameAtEnd = this.name;
    this.#processAtEnd = this.process;
    this.#dottedAtEnd = this.dotted;
  }

  stop(): void {
    this.#left = 0;
  }

  takeLevel(found: LevelToken): boolean {
    this.levelColumn = Math.min(80, this.at);
    this.level = found.level;
    this.coded = false;
    this.at = endOfLevel(this.text, found.end, this.data);
    this.commit();
    return true;
  }

  takeTime(end: number): boolean {
    this.data.time = this.text.slice(this.at, end);
    this.at = endOfGlued(this.text, end, this.data, this.level !== undefined);
    this.commit();
    return true;
  }

  /** Passes spaces and what separates the pieces of a head. */
  separators(): void {
    const end = endOfSeparators(this.text, this.at, this.level !== undefined);
    if (end - this.at >= DASHES.length && this.text.slice(this.at, end).includes(DASHES)) this.dashes = true;
    this.at = end;
  }

  #token(): boolean {
    const { text, at } = this;
    if (isOpening(text.charCodeAt(at))) return new Brackets(this, nested).take();
    if (this.data.time === undefined) {
      const dated = endOfDated(text, at);
      if (dated >= 0) return this.takeTime(dated);
      const clock = endOfClock(text, at);
      if (clock >= 0) return this.takeTime(clock);
      const number = at === 0 ? endOfNumber(text, at) : -1;
      if (number >= 0) return this.takeTime(number);
      if (this.tentative !== undefined && takeBeforeTime(this)) return true;
    }
    if ((this.level === undefined || this.coded) && at > 0) {
      const level = levelInside(text, at, at === this.learned?.column);
      if (level !== undefined) return this.takeLevel(level);
      if (this.data.time !== undefined && takeAddress(this)) return true;
      // zerolog's console, of a line that says none.
      if (text.startsWith("??? ", at)) return this.takeLevel({ level: "info", end: at + 3 });
    }
    return this.#id() || this.#pair() || this.#bare.take();
  }

  #id(): boolean {
    if (this.level !== undefined && !this.text.startsWith(" --- ", this.text.indexOf(" ", this.at)))
      return false;
    if (!isDigit(this.text.charCodeAt(this.at))) return false;
    const found = matchAt(patterns.id, this.text, this.at);
    if (found === null) return false;
    this.at = patterns.id.lastIndex;
    this.keep("pid", numberOrText(found[1] as string));
    return true;
  }

  #pair(): boolean {
    const first = this.text.charCodeAt(this.at);
    if (this.level !== undefined || first < 65 || first > 122 || !isKeyAt(this.text, this.at)) return false;
    const found = matchAt(patterns.pair, this.text, this.at);
    if (found === null) return false;
    this.at = patterns.pair.lastIndex;
    this.keep(found[1] as string, numberOrText(found[2] as string));
    return true;
  }

  /** Behind a level what was read is the head's at once; before it only when one follows. */
  keep(name: string, value: string | number): void {
    if (this.level === undefined) {
      this.tentative ??= {};
      this.tentative[name] = value;
      this.separators();
    } else {
      this.data[name] = value;
      this.commit();
    }
  }
}

/** A head inside a bracket, where a letter before the time may be the level: `I 261129 04:18:02 web:2271`. */
function nested(content: string): Head | undefined {
  const scan = new HeadScan(content, undefined);
  const letter = matchAt(patterns.letterAndTime, content, 0);
  if (letter !== null) {
    scan.level = levelOfOrdinaryWord(letter[1] as string);
    scan.at = patterns.letterAndTime.lastIndex;
    scan.end = scan.at;
  }
  return scan.level !== undefined || /^(?:\d|[A-Z]{4,8}[ /:|])/.test(content) ? scan.read() : undefined;
}
