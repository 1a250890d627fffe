import { takeCodePlace, takeContext } from "./contexts.js";
import { dottedAreLoggers, hasProcess, namesAreLoggers } from "./evidence.js";
import { levelInside } from "./level-words.js";
import { matchAt } from "./match.js";
import { numberOrText, takeName, threadLike } from "./names.js";
import type { HeadData, HeadWalk } from "./shape.js";
import { HAS, lookAtWord, MOST_NAMES, mayBeBeforeLevel, mayBeName } from "./words-ahead.js";

const SPACE = 32;
const COLON = 58;
const LEVEL_IN_BRACKET = /[[<(][A-Za-z]{1,13}\d? {0,8}[\])>]/y;
/** A name, perhaps with a process id, before a level. */
const before =
  /([A-Za-z_\d][\w.$:/@+-]{0,100}?(?:\([\w.@-]{1,100}\))?)(?: {0,24}\[(\d{1,10}(?::\d{1,10})?)\])?:?(?=[ \t|]|\[[A-Z])/y;
/** Monolog: `channel.LEVEL: `. */
const channel = /([\w-]{1,60})\.(?=[A-Z]{4,9}: )/y;
/** A host and a program with its process id, as syslog daemons print them. */
const syslog = /(?:([\w.-]{1,255}) )?([A-Za-z][\w./-]{0,100})\[(\d{1,10})\](?: [\w.-]{1,100})?: /y;
const syslogWithoutId = /([\w.-]{1,255}) ([\w./-]{1,100}): /y;
/** The time of syslog daemons that print ISO: with microseconds and an offset. */
const syslogTime = /T[\d:]{8}\.\d{6}[+-]\d\d:\d\d$/;

const place =
  /([\w<>@.][\w./<>@-]{0,200}\.[A-Za-z]{1,5}(?::\d{1,7}|\(\d{1,7}\)(?=:)))(?::\d{1,7})?(?=[\s:\]>])/y;
const module = /in ([\w.]{1,100})(?=: )/y;
/** `name:function:line - `. */
const loguru = /([\w.<>]{1,200}:[\w.<>]{1,200}:\d{1,6})(?= - )/y;
const spring = /(\S{1,200})(?= {1,60}: )/y;
/** A class with its packages. */
const javaClass = /((?:[a-z_][\w$]{0,60}\.){1,12}[A-Z][\w$]{0,100}(?:\.[\w$<>]{1,60})?)(?= )/y;
const columned = /([\w.$:/@-]{1,120})(?=\t(?!\{)| {0,40}\|)/y;
const dotted = /([A-Za-z_][\w$]{0,60}(?:(?:\.|::)[\w$]{1,60}){1,12})(?= {1,40}[-:>] |:(?: |$))/y;
/** A name with points, or one of Python's own. */
const bareDotted = /([A-Za-z_]\w{0,60}(?:\.[A-Za-z_]\w{0,60}){1,12}|__\w{1,60}__)(?= )/y;
const isFile =
  /\.(?:com|org|net|io|json|ya?ml|conf|log|txt|sh|go|py|[cm]?[jt]s|rs|java|rb|php|html?|css|sql|csv|so|jar)$/;
/** May be a logger's name, or the first word of a message. */
const weak = /([A-Za-z_$][\w.$:/<>@-]{0,100}?)(?= [-:>] |:(?: |$))/y;
/** A number may be a message's own. */
const process = /[1-9]\d{1,6}(?= \S)/y;
/** First words that messages have: exceptions, levels. */
const spoken = /(?:Error|Exception|Warning|Failure|error|warning|note|usage|hint)$/;

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
    const found = this.#exec(syslog) ?? (syslogTime.test(time) ? this.#exec(syslogWithoutId) : null);
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
    if (scan.at === 0 && scan.tentative === undefined) return false;
    const started = { at: scan.at, tentative: scan.tentative };
    const names: [name: string, id: string | undefined][] = [];
    for (let count = 0; count < MOST_NAMES; count += 1) {
      const found = this.#exec(channel) ?? this.#exec(before);
      if (found === null) break;
      names.push([found[1] as string, found[2]]);
      scan.at += found[0].length;
      scan.separators();
      if (this.#levelNext(found[2] !== undefined, count === 0)) return this.#named(names);
    }
    scan.at = started.at;
    scan.tentative = started.tentative;
    return false;
  }

  #levelNext(behindId: boolean, onlyName: boolean): boolean {
    const { text, at } = this.#scan;
    const first = text.charCodeAt(at);
    // Words in lower case are a level only where everything is set off by colons: `general: info: …`.
    const second = text.charCodeAt(at + 1);
    const mayBe =
      behindId ||
      (first >= 65 && first <= 90 && !(second >= 97 && second <= 122)) ||
      (onlyName && text.charCodeAt(at - 2) === 58);
    if (mayBe && levelInside(text, at) !== undefined) return true;
    LEVEL_IN_BRACKET.lastIndex = at;
    return LEVEL_IN_BRACKET.test(text);
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
    if (this.#process()) return true;
    if (!scan.dashes && !mayBeName(scan.text, scan.at)) {
      if (scan.data.logger === undefined) scan.name ??= false;
      return false;
    }
    if (this.#dotted() || takeContext(scan)) return true;
    const word = lookAtWord(scan.text, scan.at);
    const mayBePlace = (word & HAS.point) !== 0 && (word & HAS.line) !== 0;
    const source = mayBePlace && scan.data.source === undefined ? this.#exec(place) : null;
    if (source !== null) return this.#keep(source, "source");
    if (scan.data.logger !== undefined) return false;
    const strong = this.#strong(word);
    if (strong !== null) return this.#keep(strong, "logger");
    const found = (word & HAS.end) === 0 ? null : this.#exec(weak);
    const named = found !== null && !spoken.test(found[1] as string) && !isDashedProse(scan, found[0].length);
    scan.name ??= named;
    return (
      named && scan.data.time !== undefined && namesAreLoggers(scan.learned) && this.#keep(found, "logger")
    );
  }

  /** A process id right behind the level, where all of the container's lines have the same there. */
  #process(): boolean {
    const scan = this.#scan;
    const first = scan.text.charCodeAt(scan.at);
    if (first < 49 || first > 57 || scan.process !== undefined) return false;
    const found = this.#exec(process);
    if (found === null) return false;
    scan.process = Number(found[0]);
    if (!hasProcess(scan.learned) || scan.data.pid !== undefined) return false;
    scan.at += found[0].length;
    scan.keep("pid", scan.process);
    return true;
  }

  /** `INFO shop.cart paid`, where nearly all of the container's lines have such a word there. */
  #dotted(): boolean {
    const scan = this.#scan;
    if (scan.dotted !== undefined || scan.data.logger !== undefined) return false;
    const found = this.#exec(bareDotted);
    scan.dotted = found !== null && !isFile.test(found[1] as string);
    if (!scan.dotted || !dottedAreLoggers(scan.learned) || found === null) return false;
    return this.#keep(found, "logger");
  }

  #strong(word: number): RegExpExecArray | null {
    const scan = this.#scan;
    if (scan.dashes) return this.#exec(spring);
    const before = scan.text[scan.at - 1];
    if (before === "\t" || before === "|") return this.#exec(columned);
    const { text, at } = scan;
    return (
      (text.startsWith("in ", at) ? this.#exec(module) : null) ??
      ((word & HAS.line) !== 0 ? this.#exec(loguru) : null) ??
      (text.startsWith("| ", at - 2) ? this.#exec(columned) : null) ??
      ((word & HAS.point) !== 0 ? this.#exec(javaClass) : null) ??
      ((word & (HAS.point | HAS.colons)) !== 0 && scan.data.time !== undefined ? this.#exec(dotted) : null)
    );
  }

  #keep(found: RegExpExecArray, field: "source" | "logger"): boolean {
    const scan = this.#scan;
    scan.at += found[0].length;
    scan.keep(field, found[1] as string);
    return true;
  }

  #exec(pattern: RegExp): RegExpExecArray | null {
    return matchAt(pattern, this.#scan.text, this.#scan.at);
  }
}

/** `Info: Starting - reading`: where a colon sets the level off, no dash sets a name off. */
function isDashedProse({ text, at }: HeadWalk, length: number): boolean {
  return text.charCodeAt(at + length) === SPACE && text.charCodeAt(at - 2) === COLON;
}
