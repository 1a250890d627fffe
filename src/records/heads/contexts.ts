import { isDigit } from "../../core/characters.js";
import { matchAt } from "./match.js";
import { takeBracket, takeName, takeProgram } from "./names.js";
import { dataOfPairs, readPairs } from "./pairs.js";
import type { HeadData, HeadWalk } from "./shape.js";

const SPACE = 32;
const ROUND = 40;
const CLOSE = 41;
const COLON = 58;
const T = 84;
const BRACKET = 91;
const OPEN = 123;
const BAR = 124;

/** tracing: `request{method="GET" id=7}:`, of which several may follow each other. */
const span = /([\w.:-]{1,60})\{((?:[^{}"\\]|"(?:[^"\\]|\\.){0,200}"){0,300})\}:/y;
/** Behind spans stands where they were entered. */
const target = /([A-Za-z_][\w:]{0,100}): /y;
/** Of these names a span or a target follows. */
const threadBefore = /(main|[\w-]{0,60}(?:worker|thread)[\w-]{0,20}) (?=[\w:.-]{1,60}(?:\{|: ))/y;
/** Rust's threads, by name and number. */
const thread = /(?:([\w-]{1,60}) {1,20})?(ThreadId\(\d{1,6}\))(?= )/y;
/** A program with its process id and its host: bunyan's command. */
const program = /([\w.@/-]{1,120}\/\d{1,10} on [\w.-]{1,255}):(?: |$)/y;
/** Names of spans and of the logger, and then a place in the source. */
const beforePlace =
  /((?:[A-Za-z_][\w:]{0,100}: ){1,3}|[A-Za-z_][\w.-]{0,60} )(?=[\w./@-]{1,200}\.[A-Za-z]{1,5}:\d{1,7}[ :])/y;
/** A logger before its thread or its place in the source. */
const beforeBracket =
  /([A-Za-z_][\w.$-]{0,100}) (?=\[(?:main|[\w .:#/-]{0,60}(?:thread|exec|pool|worker|Thread)[\w .:#/-]{0,60}|[\w.-]{1,100}\.[a-z]{1,5}:\d{1,7})\] )/y;
/** A logger before a place in round brackets. */
const beforeRound = /([A-Za-z_][\w.$-]{0,100}) (?=\([\w./-]{1,100}\.[a-z]{1,4}:\d{1,6}\)[ :])/y;
/** Django's: a module, the process and the thread, by their numbers. */
const numbered = /([A-Za-z_][\w.]{0,60}) (\d{1,7}) (\d{6,16}) /y;
/** Play's: the logger and the thread, in words. */
const fromIn = /from ([\w.$-]{1,120}) in ([\w.$:/@# -]{1,100}?) - /y;
/** A column between bars without blanks. */
const tight = /([\w.$:/@#-]{1,120})\|(?=\S)/y;
/** A column between bars. */
const column = /([\w.$:/@#-]{1,120}) {0,40}\|(?= |$)/y;

/** What only stands behind a level: spans, threads, columns between bars, names that something else of the head follows. */
export function takeContext(scan: HeadWalk): boolean {
  const { text, at } = scan;
  if (text.charCodeAt(at - 2) === BAR || text.charCodeAt(at - 1) === BAR) {
    if (takeColumn(scan)) return true;
  }
  // What the word ends with, and what comes next, tells most of the patterns without trying them.
  let end = at;
  while (text.charCodeAt(end) > SPACE && text.charCodeAt(end) !== OPEN) end += 1;
  if (text.charCodeAt(end) === OPEN) return takeSpans(scan);
  if (takeThreadBefore(scan)) return true;
  return takeThread(scan, end) || takeNameBefore(scan, end);
}

function takeThreadBefore(scan: HeadWalk): boolean {
  const { text, at, data } = scan;
  if (data.time === undefined || data.thread !== undefined) return false;
  const found = matchAt(threadBefore, text, at);
  if (found === null) return false;
  data.thread = found[1] as string;
  scan.at += found[0].length;
  scan.commit();
  return true;
}

function takeSpans(scan: HeadWalk): boolean {
  let names = "";
  for (let found = matchAt(span, scan.text, scan.at); found !== null; ) {
    const { 0: all, 1: name = "", 2: said = "" } = found;
    const pairs = readPairs(said, 0);
    const values = pairs === undefined ? {} : (dataOfPairs(pairs) as HeadData);
    for (const key in values) scan.data[key] ??= values[key];
    names = names === "" ? name : `${names}:${name}`;
    scan.at += all.length;
    found = matchAt(span, scan.text, scan.at);
  }
  if (names === "") return false;
  scan.data["span"] ??= names;
  if (scan.text.charCodeAt(scan.at) === SPACE) scan.at += 1;
  const entered = scan.data.logger === undefined ? matchAt(target, scan.text, scan.at) : null;
  if (entered !== null) {
    scan.data.logger = entered[1] as string;
    scan.at += entered[0].length;
  }
  scan.commit();
  return true;
}

function takeColumn(scan: HeadWalk): boolean {
  const isTight = scan.text.charCodeAt(scan.at - 1) === BAR;
  const found = matchAt(column, scan.text, scan.at) ?? (isTight ? matchAt(tight, scan.text, scan.at) : null);
  if (found === null || !takeBracket(scan.data, found[1] as string, true)) return false;
  scan.at += found[0].length;
  scan.commit();
  return true;
}

function takeThread(scan: HeadWalk, end: number): boolean {
  const { text, at } = scan;
  if (text.charCodeAt(end - 1) !== CLOSE && text.charCodeAt(end + 1) !== T) return false;
  const found = scan.data.thread === undefined ? matchAt(thread, text, at) : null;
  if (found === null) return false;
  scan.data.thread = (found[1] ?? found[2]) as string;
  scan.at += found[0].length;
  scan.commit();
  return true;
}

function takeNameBefore(scan: HeadWalk, end: number): boolean {
  const { text, at, data } = scan;
  const next = text.charCodeAt(end + 1);
  if (data.time === undefined || (data.logger !== undefined && next !== ROUND)) return false;
  if (text.startsWith("from ", at) && takeFromIn(scan)) return true;
  const isNumbered = isDigit(text.charCodeAt(end - 1));
  const said = isNumbered && text.startsWith("on ", end + 1) ? matchAt(program, text, at) : null;
  if (said !== null && takeProgram(data, said[1] as string)) {
    scan.at += said[0].length;
  } else {
    const pattern =
      next === BRACKET
        ? beforeBracket
        : next === ROUND
          ? beforeRound
          : isDigit(next)
            ? numbered
            : beforePlace;
    const found = pattern === beforePlace && !isPlaceAhead(text, end) ? null : matchAt(pattern, text, at);
    if (found === null) return false;
    if (data.logger === undefined) takeLoggers(data, found[1] as string);
    else takeName(data, (found[1] as string).trim(), true);
    if (found[2] !== undefined) data.pid ??= Number(found[2]);
    if (found[3] !== undefined) data.thread ??= found[3];
    scan.at += found[0].length;
  }
  scan.commit();
  return true;
}

function takeFromIn(scan: HeadWalk): boolean {
  const found = matchAt(fromIn, scan.text, scan.at);
  if (found === null) return false;
  scan.data.logger ??= found[1] as string;
  scan.data.thread ??= found[2] as string;
  scan.at += found[0].length;
  scan.commit();
  return true;
}

/** Whether one of the next words has a colon and digits in it, behind names that end with colons. */
function isPlaceAhead(text: string, start: number): boolean {
  for (let end = start, words = 0; words < 4; words += 1) {
    end += 1;
    while (text.charCodeAt(end) > SPACE) {
      if (text.charCodeAt(end) === COLON && isDigit(text.charCodeAt(end + 1))) return true;
      end += 1;
    }
    if (text.charCodeAt(end - 1) !== COLON) return false;
  }
  return false;
}

/** The last is the logger; those before it are spans. */
function takeLoggers(data: HeadData, names: string): void {
  const all = names.trim().replace(/:$/, "").split(": ");
  data.logger = all.pop() as string;
  if (all.length > 0) data["span"] ??= all.join(":");
}

/** A place in the source behind a time: Go's `log`, which has no levels. Of other texts with a colon and a number the ending tells. */
const codePlace =
  /([\w./<>@-]{1,200}\.(?:go|py|[cm]?[jt]sx?|rs|java|kt|scala|rb|php|c|cc|cpp|h|hpp|cs|exs?|erl|lua|p[lm]|swift):\d{1,7}): /y;

export function takeCodePlace(scan: HeadWalk): boolean {
  if (scan.data.time === undefined || scan.text.charCodeAt(scan.at - 1) !== SPACE) return false;
  const found = matchAt(codePlace, scan.text, scan.at);
  if (found === null) return false;
  scan.data.source ??= found[1] as string;
  scan.at += found[0].length;
  scan.commit();
  return true;
}
