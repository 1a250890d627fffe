import { isBraced, isLevelBehind, isSaid } from "./bracket-looks.js";
import { levelInside, levelOfOrdinaryWord } from "./level-words.js";
import { certainThread, takeBracket, takeProgram, takeTrace } from "./names.js";
import { type Head, type HeadData, type HeadWalk, take } from "./shape.js";
import { levelOfTags, namedLevelOf } from "./tags.js";
import { endOfClock, endOfDated, endOfNumber } from "./times.js";

const COLON = 58;
const LONGEST_BRACKET = 120;
const MOST_WORDS = 3;
const CLOSING: Readonly<Record<string, string>> = { "[": "]", "(": ")", "<": ">", "{": "}" };
const uptime = /^ {0,12}\d{1,9}\.\d{3,9}s?$/;
const roundPlace = /^[\w./-]{1,100}\.[a-z]{1,4}[.:]\d{1,6}$/;
const lettered = /^([TDVIWEFC]):([\w.-]{0,60})[^[\]]{0,60}? ([\w./-]{1,100}\.[a-z]{1,4}:\d{1,7})(?: |$)/;
/** Effect's. */
const fiber = /^#\d{1,9}$/;
const anglePlace = /^[\w./-]{1,110}\.[a-z]{1,4}:\d{1,7}$/;
const startsWithTime = /^\d/;

/** The pieces of a head that stand in brackets. */
export class Brackets {
  readonly #scan: HeadWalk;
  readonly #nested: (content: string) => Head | undefined;

  /** `nested` reads the head that a bracket holds. */
  constructor(scan: HeadWalk, nested: (content: string) => Head | undefined) {
    this.#scan = scan;
    this.#nested = nested;
  }

  /** The bracket that opens here, when it is the head's. */
  take(): boolean {
    const { text, at } = this.#scan;
    const closing = CLOSING[text[at] as string] as string;
    const close = text.indexOf(closing, at + 1);
    if (close < 0 || close - at > LONGEST_BRACKET) return false;
    const said = text.slice(at + 1, close).trim();
    // log4net's way to say that there is none.
    const content = said === "(null)" ? "" : said;
    const opening = text[at] as string;
    if (this.#timeIn(content, close) || this.#levelIn(content, opening, close)) return true;
    if (opening === "[" && this.#headIn(content, close)) return true;
    return this.#nameIn(content, opening, close) || this.#before(content, close);
  }

  /** Whatever else a bracket holds is the head's when a level stands behind it. */
  #before(content: string, close: number): boolean {
    const { text, level, data } = this.#scan;
    if (level !== undefined || content === "" || !isLevelBehind(text, close + 1, data)) return false;
    this.#scan.tentative = { ...this.#scan.tentative, context: content };
    this.#scan.at = close + 1;
    this.#scan.separators();
    return true;
  }

  #timeIn(content: string, close: number): boolean {
    if (this.#scan.data.time !== undefined || content === "") return false;
    const from = this.#scan.text.indexOf(content, this.#scan.at + 1);
    const ends = (end: number): boolean => end === from + content.length;
    const is =
      ends(endOfDated(this.#scan.text, from)) ||
      ends(endOfClock(this.#scan.text, from)) ||
      ends(endOfNumber(this.#scan.text, from)) ||
      (this.#scan.at === 0 && uptime.test(content));
    if (!is) return false;
    this.#scan.data.time = content;
    this.#scan.at = close + 1;
    this.#scan.commit();
    return true;
  }

  #levelIn(content: string, opening: string, close: number): boolean {
    if (opening === "{" || content.length > 13 || !this.#mayBeLevel()) return false;
    if (this.#scan.coded && /^[a-z]$/.test(content)) return this.#wordIn(content, close);
    const word = /^(?:[A-Za-z]{3,13}\d?|[A-Z])$/.test(content) && !(opening === "(" && content.length === 1);
    return word && this.#wordIn(content, close);
  }

  #wordIn(content: string, close: number): boolean {
    const level = levelOfOrdinaryWord(content);
    return level !== undefined && this.#scan.takeLevel({ level, end: close + 1 });
  }

  /** None was said but as a number. */
  #mayBeLevel(): boolean {
    return this.#scan.level === undefined || this.#scan.coded;
  }

  /** `[2026-11-29 04:18:04,787: WARNING/MainProcess]`, `[I 261129 04:18:02 web:2271]`, `[Server thread/INFO]`. */
  #headIn(content: string, close: number): boolean {
    if (this.#scan.level !== undefined) return false;
    if (this.#tagsIn(content, close) || this.#letterIn(content, close)) return true;
    const slash = content.lastIndexOf("/");
    const behind = slash > 0 ? levelInside(content, slash + 1) : undefined;
    if (behind?.end === content.length && !startsWithTime.test(content)) {
      this.#scan.level = behind.level;
      this.#scan.data.thread ??= content.slice(0, slash);
    } else {
      const head = this.#nested(content);
      if (head === undefined) return false;
      const rest = content.slice(head.end).trim();
      if (rest !== "" && !takeWords(head.data, rest)) return false;
      this.#scan.level = head.level;
      take(this.#scan.data, head.data);
    }
    this.#scan.at = close + 1;
    this.#scan.commit();
    return true;
  }

  /** `[shop.orders#info]`, `[log,info,startup]`: a name, or tags of which one is the level. */
  #tagsIn(content: string, close: number): boolean {
    const said = this.#scan.data.time === undefined ? undefined : namedLevelOf(content);
    const level = said === undefined ? levelOfTags(content) : said.level;
    if (level === undefined) return false;
    if (said !== undefined && said.name !== "") this.#scan.data.logger ??= said.name;
    return this.#scan.takeLevel({ level, end: close + 1 });
  }

  /** `[W:onnxruntime:, graph.cc:1231 Graph]`: the letter of a level, names, and a place in the source. */
  #letterIn(content: string, close: number): boolean {
    const found = this.#scan.data.time === undefined ? null : lettered.exec(content);
    const level = found === null ? undefined : levelOfOrdinaryWord(found[1] as string);
    if (found === null || level === undefined) return false;
    this.#scan.data.source ??= found[3] as string;
    if (found[2] !== "") this.#scan.data.logger ??= found[2] as string;
    return this.#scan.takeLevel({ level, end: close + 1 });
  }

  #nameIn(content: string, opening: string, close: number): boolean {
    const behindLevel = this.#scan.level !== undefined;
    if (opening === "(" && this.#placeIn(content, close)) return true;
    if (opening === "(" && behindLevel && this.#isProgram(content, close)) return true;
    if (opening === "(" && !(behindLevel && this.#mayBeRound(content, close))) return false;
    if (opening === "<" && behindLevel && anglePlace.test(content)) return this.#takePlace(content, close);
    if (opening === "<" && !/^[\d.]{3,40}$/.test(content)) return false;
    if (opening === "{" && content !== "" && !isBraced(this.#scan.text, content, close)) return false;
    if (opening === "[" && isSaid(this.#scan, content, close)) return false;
    const taken = this.#known(behindLevel);
    if (opening === "<") taken.pid ??= content;
    else if (opening === "(" && !/^\d/.test(content)) taken.thread ??= content;
    else if (this.#scan.dashes) springName(taken, content);
    else if (this.#glued(content)) taken.elapsed = Number(content);
    else if (content !== "" && !this.#takeTrace(taken, content) && !takeBracket(taken, content, behindLevel))
      return false;
    this.#scan.at = close + 1;
    if (content === "" && behindLevel) this.#takeEmpty(close);
    else if (behindLevel) {
      this.#scan.commit();
    } else {
      this.#scan.tentative = taken;
      this.#scan.separators();
    }
    return true;
  }

  /** Nothing in brackets is the head's when the head goes on behind it, or ends with what separates it from a message: `INFO {} is empty`. */
  #takeEmpty(close: number): void {
    this.#scan.separators();
    if (this.#scan.text.slice(close + 1, this.#scan.at).trim() !== "") this.#scan.commit();
  }

  /** A process or a thread, or whatever a logger sets in round brackets. */
  #mayBeRound(content: string, close: number): boolean {
    const { data, text, at } = this.#scan;
    // Behind a colon the message has begun.
    if (text.charCodeAt(at - 2) === COLON) return false;
    if (data.logger !== undefined || /^\d+$/.test(content) || certainThread.test(content)) return true;
    return data.time !== undefined && /^\w{1,60}$/.test(content) && text.startsWith(" [", close + 1);
  }

  /** Behind a time or a level: at the beginning of a line such brackets are data. */
  #takeTrace(data: HeadData, content: string): boolean {
    return (this.#scan.level !== undefined || data.time !== undefined) && takeTrace(data, content);
  }

  /** A place in the source behind a time or a name: `(server.c.1704)`, `(cart.js:3) -`. */
  #placeIn(content: string, close: number): boolean {
    const { data } = this.#scan;
    if (data.time === undefined || data.source !== undefined || !roundPlace.test(content)) return false;
    return this.#takePlace(content, close);
  }

  #takePlace(content: string, close: number): boolean {
    this.#scan.data.source ??= content;
    this.#scan.at = close + 1;
    this.#scan.commit();
    return true;
  }

  /** `INFO (shop/7 on web1): paid`. A bracket behind the colon is the message's. */
  #isProgram(content: string, close: number): boolean {
    const { data, text } = this.#scan;
    if (text.charCodeAt(close + 1) !== COLON) return false;
    if (fiber.test(content)) data.thread ??= content;
    else if (!takeProgram(data, content)) return false;
    this.#scan.at = close + 1;
    this.#scan.stop();
    this.#scan.commit();
    return true;
  }

  /** What the head has said so far. A copy where what is added may still turn out to be none of the head's. */
  #known(behindLevel: boolean): HeadData {
    const { data, tentative } = this.#scan;
    const known = behindLevel ? data : take({}, data);
    return tentative === undefined ? known : take(known, tentative);
  }

  /** logrus: seconds since the start, four digits right behind the level. */
  #glued(content: string): boolean {
    return (
      this.#scan.at > 0 &&
      /[A-Z]/.test(this.#scan.text[this.#scan.at - 1] as string) &&
      /^\d{4,}$/.test(content)
    );
  }
}

/** One piece, or a few names. */
function takeWords(data: HeadData, rest: string): boolean {
  if (takeBracket(data, rest, true)) return true;
  // A hash stands for an id that there is not.
  const words = rest.replace(/ #$/, "").split(/ +/, MOST_WORDS + 1);
  return words.length <= MOST_WORDS && words.every((word) => takeBracket(data, word, true));
}

/** Of two brackets the first is the app (since Spring Boot 3.4) and the last the thread. */
function springName(data: HeadData, content: string): void {
  if (data.thread !== undefined) data.app ??= data.thread;
  data.thread = content;
}
