import type { LearnedForm } from "../../core/line.js";
import type { Level } from "../../core/record.js";
import { BareNames } from "./bare.js";
import { Brackets, isOpening } from "./brackets.js";
import { type LevelToken, levelAtStart, levelInside, levelOfOrdinaryWord } from "./level-words.js";
import { numberOrText } from "./names.js";
import { type Head, type HeadData, type HeadWalk, take } from "./shape.js";
import { endOfClock, endOfDated, endOfNumber } from "./times.js";

/** A head of more pieces is none. */
const MOST_TOKENS = 14;

/** A number that is a process or thread id when a level, a bracket, a time or Spring's dashes come next. */
const id = /(\d{1,10}(?:#\d{1,10}(?=:)|[:-]\d{1,10})?):?(?=[ \t|]{1,4}(?:- {1,2}\d|---|[[<]|[A-Z]{3}))/y;
const pair = /([A-Za-z_][\w.]{0,40})=([^\s"[\]]{1,100})(?= )/y;
const address = /0x[\da-f]{6,16}(?= )/y;
const letterAndTime = /([TDIWEFVC]) (?=\d)/y;
/** Go's `log` prints its prefix right before the time. */
const gluedPrefix = /([A-Za-z_-]{1,40})(?=\d{4}\/\d\d\/\d\d )/y;
/** tinyproxy: a word of its own for the level, then the time. */
const wordBeforeTime = /([A-Z]{3,12}) {1,8}(?=[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:|\d{4}-\d\d-\d\d[ T])/y;
const paddedLevel = / (?=[A-Z]{4,8} {2})/y;

/** Walks through one line's head. Made for one line, then thrown away. */
export class HeadScan implements HeadWalk {
  readonly text: string;
  readonly learned: LearnedForm | undefined;
  readonly #bare = new BareNames(this);
  at = 0;
  level: Level | undefined;
  data: HeadData = {};
  /** Behind the last piece that is the head's for certain. */
  end = 0;
  /** What was read behind `end`: the head's if a time or a level follows. */
  tentative: HeadData | undefined;
  name: boolean | undefined;
  process: number | undefined;
  levelColumn = 0;
  /** Spring's `---` was seen: names in brackets are the app and the thread, and a name ends with a colon. */
  dashes = false;

  constructor(text: string, learned: LearnedForm | undefined) {
    this.text = text;
    this.learned = learned;
  }

  read(): Head | undefined {
    this.#start();
    for (let tokens = 0; tokens < MOST_TOKENS && this.at < this.text.length; tokens += 1) {
      if (!this.#token()) break;
    }
    if (this.end === 0) return undefined;
    const { level, data, end, name, levelColumn, process } = this;
    return { level, data, end, name, levelColumn, process };
  }

  get known(): boolean {
    return this.level !== undefined || this.data.time !== undefined;
  }

  /** The piece that ends at `at` is the head's, with the separators behind it and all that was tentative before it. */
  commit(): void {
    if (this.tentative !== undefined) {
      take(this.data, this.tentative);
      this.tentative = undefined;
    }
    this.separators();
    this.end = this.at;
  }

  takeLevel(found: LevelToken): boolean {
    this.levelColumn = Math.min(80, this.at);
    this.level = found.level;
    this.at = found.end;
    if (this.text[this.at] === "/") this.#process();
    this.commit();
    return true;
  }

  takeTime(end: number): boolean {
    this.data.time = this.text.slice(this.at, end);
    this.at = end;
    this.commit();
    return true;
  }

  /** Passes spaces and what separates the pieces of a head. */
  separators(): void {
    const { text } = this;
    for (;;) {
      const here = text[this.at];
      const next = text[this.at + 1];
      if (here === " " || here === "\t" || here === "|" || here === "›") this.at += 1;
      else if ((here === ":" || here === "," || here === ">") && (next === " " || next === undefined))
        this.at += 1;
      else if (here === ":" && text[this.at - 1] === " ") return;
      else if (here === "-" && (next === " " || next === undefined)) {
        this.at += Math.min(2, text.length - this.at);
        // What stands behind a dash may be drawn with spaces.
        if (this.known && this.level !== undefined) return;
      } else if (here === "-" && text.startsWith("--- ", this.at)) {
        this.dashes = true;
        this.at += 4;
      } else return;
    }
  }

  #start(): void {
    const { text } = this;
    if (text.charCodeAt(0) === 32) {
      this.#padded();
      return;
    }
    const level = levelAtStart(text, this.learned?.kind === "word");
    if (level !== undefined) {
      this.takeLevel(level);
      return;
    }
    const first = text.charCodeAt(0);
    if (first < 65 || first > 122) return;
    const prefix = exec(gluedPrefix, text) ?? exec(wordBeforeTime, text);
    if (prefix !== null) {
      this.tentative = { logger: prefix[1] as string };
      this.at = prefix[0].length;
    }
  }

  /** A level behind blanks: right behind one, or in the column where the container's levels stand. */
  #padded(): void {
    const { text, learned } = this;
    let blanks = 0;
    while (text.charCodeAt(blanks) === 32) blanks += 1;
    paddedLevel.lastIndex = 0;
    const column = learned?.column ?? 0;
    const usable = blanks === 1 ? paddedLevel.test(text) : blanks === column;
    const level = usable ? levelInside(text, blanks) : undefined;
    this.at = blanks;
    if (level === undefined) this.at = text.length;
    else this.takeLevel(level);
  }

  #token(): boolean {
    const { text, at } = this;
    const here = text[at] as string;
    if (isOpening(here)) return new Brackets(this, nested).take();
    if (this.data.time === undefined) {
      const dated = endOfDated(text, at);
      if (dated >= 0) return this.takeTime(dated);
      const clock = endOfClock(text, at);
      if (clock >= 0) return this.takeTime(clock);
      const number = at === 0 ? endOfNumber(text, at) : -1;
      if (number >= 0) return this.takeTime(number);
    }
    if (this.level === undefined && at > 0) {
      const level = levelInside(text, at);
      if (level !== undefined) return this.takeLevel(level);
      if (this.data.time !== undefined && this.#thread()) return true;
      // zerolog's console, of a line that says none.
      if (text.startsWith("??? ", at)) return this.takeLevel({ level: "info", end: at + 3 });
    }
    return this.#id() || this.#pair() || this.#bare.take();
  }

  #id(): boolean {
    if (this.level !== undefined && !this.text.startsWith(" --- ", this.text.indexOf(" ", this.at)))
      return false;
    if (!isDigit(this.text.charCodeAt(this.at))) return false;
    id.lastIndex = this.at;
    const found = id.exec(this.text);
    if (found === null) return false;
    this.at = id.lastIndex;
    this.keep("pid", numberOrText(found[1] as string));
    return true;
  }

  /** A thread by its address: OpenLDAP. */
  #thread(): boolean {
    if (this.text.charCodeAt(this.at) !== 48) return false;
    address.lastIndex = this.at;
    const found = address.exec(this.text);
    if (found === null) return false;
    this.data.thread ??= found[0];
    this.at = address.lastIndex;
    this.commit();
    return true;
  }

  #pair(): boolean {
    const first = this.text.charCodeAt(this.at);
    if (this.level !== undefined || first < 65 || first > 122) return false;
    pair.lastIndex = this.at;
    const found = pair.exec(this.text);
    if (found === null) return false;
    this.at = pair.lastIndex;
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

  /** `WARNING/MainProcess`. */
  #process(): void {
    const found = /^\/([\w-]{1,60})/.exec(this.text.slice(this.at, this.at + 62));
    if (found === null) return;
    this.data.thread ??= found[1] as string;
    this.at += found[0].length;
  }
}

function exec(pattern: RegExp, text: string): RegExpExecArray | null {
  pattern.lastIndex = 0;
  return pattern.exec(text);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A head inside a bracket, where a letter before the time may be the level: `I 261129 04:18:02 web:2271`. */
function nested(content: string): Head | undefined {
  const scan = new HeadScan(content, undefined);
  letterAndTime.lastIndex = 0;
  const letter = letterAndTime.exec(content);
  if (letter !== null) {
    scan.level = levelOfOrdinaryWord(letter[1] as string);
    scan.at = letterAndTime.lastIndex;
    scan.end = scan.at;
  }
  return scan.known || /^(?:\d|[A-Z]{4,8}[ /:])/.test(content) ? scan.read() : undefined;
}
