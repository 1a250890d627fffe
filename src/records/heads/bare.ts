import * as patterns from "./bare-patterns.js";
import { takeCodePlace, takeContext } from "./contexts.js";
import { dottedAreLoggers, namesAreLoggers, namesWithoutTime } from "./evidence.js";
import { levelBehind } from "./level-behind.js";
import { levelInside } from "./level-words.js";
import { matchAt } from "./match.js";
import { certainThread, numberOrText, takeName, threadLike } from "./names.js";
import { takeCounter, takeNumberedClass, takeProcess } from "./numbers.js";
import type { HeadData, HeadWalk } from "./shape.js";
import { HAS, lookAtWord, MOST_NAMES, mayBeBeforeLevel, mayBeName } from "./words-ahead.js";

const SPACE = 32;
const COLON = 58;
const CLOSE = 93;
const LEVEL_IN_BRACKET = /[[<(][A-Za-z]{1,13}\d? {0,8}[\])>]/y;

const SUBJECT = /(?:HTTP|LOG|DATA|CONFIG|MARK|NOTE) /y;

/** Names of a head that stand in no brackets. */
export class BareNames {
  readonly #scan: HeadWalk;

  constructor(scan: HeadWalk) {
    this.#scan = scan;
  }

  take(): boolean {
    if (this.#scan.level !== undefined) return this.#behindLevel();
    // Of a line without a level most words are the message's.
    return (
      mayBeBeforeLevel(this.#scan.text, this.#scan.at) &&
      (this.#syslog() || takeCodePlace(this.#scan) || this.#beforeLevel())
    );
  }

  #syslog(): boolean {
    const scan = this.#scan;
    const { time } = scan.data;
    if (time === undefined || scan.data.host !== undefined) return false;
    const found =
      this.#exec(patterns.syslog) ??
      (patterns.syslogTime.test(time) ? this.#exec(patterns.syslogWithoutId) : null);
    if (found === null) return false;
    if (found[1] !== undefined) scan.data.host = found[1];
    scan.data.program = found[2] as string;
    if (found[3] !== undefined) scan.data.pid = Number(found[3]);
    scan.at += found[0].length;
    scan.commit();
    return true;
  }

  /** A few names, and then a level: else they are the message's. */
  #beforeLevel(): boolean {
    const scan = this.#scan;
    if ((scan.at === 0 && scan.tentative === undefined) || levelBehind(scan.text) !== undefined) return false;
    const started = { at: scan.at, tentative: scan.tentative };
    const names: [name: string, id: string | undefined][] = [];
    for (let count = 0; count < MOST_NAMES; count += 1) {
      const found = this.#exec(patterns.channel) ?? this.#exec(patterns.before);
      if (found === null) break;
      names.push([found[1] as string, found[2]]);
      scan.at += found[0].length;
      scan.separators();
      // Behind a colon several words are a sentence.
      const isSentence = count > 0 && scan.text.slice(started.at, scan.at).includes(": ");
      if (this.#levelNext(found[2] !== undefined, count === 0, isSentence)) return this.#named(names);
    }
    scan.at = started.at;
    scan.tentative = started.tentative;
    return false;
  }

  #levelNext(behindId: boolean, onlyName: boolean, isSentence: boolean): boolean {
    const { text, at } = this.#scan;
    const first = text.charCodeAt(at);
    // Words in lower case are a level only where everything is set off by colons: `general: info: …`.
    const second = text.charCodeAt(at + 1);
    const mayBe =
      behindId ||
      (first >= 65 && first <= 90 && !(second >= 97 && second <= 122)) ||
      (onlyName && text.charCodeAt(at - 2) === 58);
    if (mayBe && levelInside(text, at) !== undefined && (behindId || !isSubject(text, at))) return true;
    LEVEL_IN_BRACKET.lastIndex = at;
    return !isSentence && LEVEL_IN_BRACKET.test(text);
  }

  /** The last is the logger, or the program with its process id; one right before a program is the host. */
  #named(names: readonly (readonly [string, string | undefined])[]): boolean {
    const data: HeadData = { ...this.#scan.tentative };
    names.forEach(([name, id], at) => {
      const last = at === names.length - 1;
      if (id !== undefined) {
        data.program = name;
        data.pid = numberOrText(id);
      } else if (/^\d+$/.test(name)) data.pid ??= numberOrText(name);
      else if (last || threadLike.test(name)) takeName(data, name, false);
      else data.host ??= name;
    });
    this.#scan.tentative = data;
    return true;
  }

  #behindLevel(): boolean {
    const scan = this.#scan;
    if (takeCounter(scan) || takeProcess(scan)) return true;
    if (!scan.dashes && !mayBeName(scan.text, scan.at)) {
      if (scan.data.logger === undefined) scan.name ??= false;
      return false;
    }
    if (this.#programBefore() || this.#dotted() || takeContext(scan)) return true;
    if (scan.data.source !== undefined && this.#function()) return true;
    const word = lookAtWord(scan.text, scan.at);
    const mayBePlace = (word & HAS.point) !== 0 && (word & HAS.line) !== 0;
    const source = mayBePlace && scan.data.source === undefined ? this.#exec(patterns.place) : null;
    if (source !== null) return this.#keep(source, "source");
    if (scan.data.logger !== undefined) return this.#hostBefore(word);
    if ((word & HAS.point) !== 0 && takeNumberedClass(scan)) return true;
    const strong = this.#strong(word);
    if (strong !== null) return this.#keep(strong, "logger");
    const found = (word & HAS.end) === 0 ? null : this.#exec(patterns.weak);
    const named = found !== null && !isSpoken(found[1] as string) && !isDashedProse(scan, found[0].length);
    scan.name ??= named;
    return named && this.#isLogger() && this.#keep(found, "logger");
  }

  /** Whether a word before a colon is one here: it is where the level is lined up to the right (tracing). */
  #isLogger(): boolean {
    const { data, learned, text, at } = this.#scan;
    if (data.time !== undefined) return namesAreLoggers(learned);
    return (text.charCodeAt(0) === SPACE && text.charCodeAt(at - 2) !== SPACE) || namesWithoutTime(learned);
  }

  /** `INFO shop.cart paid`, where nearly all of the container's lines have such a word there. */
  #dotted(): boolean {
    const scan = this.#scan;
    if (scan.dotted !== undefined || scan.data.logger !== undefined) return false;
    const found = this.#exec(patterns.bareDotted);
    scan.dotted = found !== null && !patterns.isFile.test(found[1] as string);
    if (!scan.dotted || !dottedAreLoggers(scan.learned) || found === null) return false;
    return this.#keep(found, "logger");
  }

  /** `[web1] shop.cart - paid`: what was taken for the logger is rather the host. */
  #hostBefore(word: number): boolean {
    const { data, text, at } = this.#scan;
    if ((word & HAS.end) === 0 || (word & HAS.point) === 0 || data.program !== undefined) return false;
    const found = text.charCodeAt(at - 2) === CLOSE ? this.#exec(patterns.dotted) : null;
    if (found === null || patterns.isFile.test(found[1] as string)) return false;
    takeName(data, found[1] as string, true);
    this.#scan.at += found[0].length;
    this.#scan.commit();
    return true;
  }

  /** `INFO shop shop.models: …`. */
  #programBefore(): boolean {
    const { data } = this.#scan;
    if (data.time === undefined || data.logger !== undefined || data.program !== undefined) return false;
    const found = this.#exec(patterns.beforeDotted);
    if (found === null) return false;
    data.program = found[1] as string;
    this.#scan.at += found[0].length;
    return true;
  }

  #function(): boolean {
    const found = this.#exec(patterns.called);
    if (found === null) return false;
    this.#scan.at += found[0].length;
    this.#scan.keep("function", found[1] as string);
    return true;
  }

  #strong(word: number): RegExpExecArray | null {
    const scan = this.#scan;
    if (scan.dashes) return this.#exec(patterns.spring);
    const before = scan.text[scan.at - 1];
    if (before === "\t" || before === "|") return this.#exec(patterns.columned);
    const { text, at } = scan;
    return (
      (text.startsWith("in ", at) ? this.#exec(patterns.module) : null) ??
      ((word & HAS.line) !== 0 ? this.#exec(patterns.loguru) : null) ??
      (text.startsWith("| ", at - 2) ? this.#exec(patterns.columned) : null) ??
      ((word & HAS.point) !== 0 ? this.#exec(patterns.javaClass) : null) ??
      ((word & (HAS.point | HAS.colons)) !== 0 ? this.#dottedName() : null)
    );
  }

  /** Without a time files and hosts are named there, too. */
  #dottedName(): RegExpExecArray | null {
    const found = this.#exec(patterns.dotted);
    const isFile = this.#scan.data.time === undefined ? patterns.isFile : patterns.isDataFile;
    return found !== null && isFile.test(found[1] as string) ? null : found;
  }

  #keep(found: RegExpExecArray, field: "source" | "logger"): boolean {
    const scan = this.#scan;
    scan.at += found[0].length;
    // A bracket that nothing opened: TensorFlow, vLLM.
    if (field === "source" && scan.text.startsWith("] ", scan.at)) scan.at += 1;
    const name = found[1] as string;
    scan.keep(field === "logger" && certainThread.test(name) ? "thread" : field, name);
    return true;
  }

  #exec(pattern: RegExp): RegExpExecArray | null {
    return matchAt(pattern, this.#scan.text, this.#scan.at);
  }
}

/** What messages begin with, and no name of a logger. */
function isSpoken(word: string): boolean {
  return patterns.spoken.test(word) || patterns.isDataFile.test(word);
}

/** Words that sentences are about: `incoming HTTP request`. */
function isSubject(text: string, at: number): boolean {
  return matchAt(SUBJECT, text, at) !== null;
}

/** `Info: Starting - reading`: where a colon sets the level off, no dash sets a name off. */
function isDashedProse({ text, at }: HeadWalk, length: number): boolean {
  return text.charCodeAt(at + length) === SPACE && text.charCodeAt(at - 2) === COLON;
}
