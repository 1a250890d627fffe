import { isWordCharacter } from "../../core/characters.js";
import { levelOfWord } from "../../core/level-words.js";
import type { StreamName } from "../../core/line.js";
import type { Level } from "../../core/record.js";

const FIRST_LINES = 2_000;

/** First lines of crashes that no ordinary text begins with. */
const crash =
  /^(?:\s{0,40}(?:\+ Exception Group )?Traceback \(most recent call last\)|Exception in thread |Exception ignored in|Unhandled exception|thread '.{0,200}' (?:\(\d+\) )?panicked at|goroutine \d+ [^\n[]{0,80}\[|PHP (?:Fatal|Parse) error|lua[\d.]{0,6}: [^\s:]{1,300}:\d{1,7}: |[^\s:]{1,500}:\d{1,7}:in [`'])/;
/** An exception's own line: `ValueError: …`, `java.io.IOException`, `Error [ERR_X]: …`. */
const exception = /^(?:Uncaught )?[\w.$]{0,200}(?:Error|Exception)(?: \[\w+\])?(?::|$| - )/;
/** Rails: `ActionController::RoutingError (No route …):`. */
const rails =
  /^(?:[A-Z]\w{0,80}::){0,6}[A-Z]\w{0,80}(?:Error|Exception|Invalid|NotFound|Denied) \(.{0,1500}\):(?:\n|$)/;
/** Ruby's way to show an exception: `#<RuntimeError: kaboom>`. */
const inspected = /#<(?:[A-Z]\w{0,80}::){0,6}\w{0,80}(?:Error|Exception): /;
/** Perl's `warn` and `die`. */
const perl = /^[^\n]{1,1000} at [^\s"]{1,300} line \d{1,7}\.(?:\n|$)/;
/** Lines that stand only in stack traces, in the languages' own words. */
const frame =
  /\n(?:\s{0,40}(?:\+ Exception Group )?Traceback \(most recent call last\):|\s+at .+[:(]|stack traceback:|goroutine \d+ [^\n[]{0,80}\[|\S{1,300}\.go:\d+ \(0x|\s+from \S+:\d+:in |#\d+ |[\w.$]{0,200}(?:Error|Exception): )/;
const warning = /^(?:[^:\n]{1,500}\.py:\d+: |\(node:\d+\) (?:\[\w+\] )?)[\w.]{0,80}Warning: /;
const startWord =
  /^(?: {1,40}(?=[A-Z][a-z]{3,9}: )|\[[\w.-]{1,40}\] |[\w@./-]{1,40}: )?(error|errors|exception|fatal|panic|critical|traceback|failed|failure|warning|segmentation fault)\b/i;

/**
 * The level of text that says none. A stack trace is an error on either stream; on standard error so is a line
 * that begins with a word of trouble.
 */
export function troubleOf(text: string, stream: StreamName): Level | undefined {
  const head = text.length > FIRST_LINES ? text.slice(0, FIRST_LINES) : text;
  if (mayCrash(head) && crash.test(head)) return "error";
  if (mayBeException(head) && exception.test(head)) return "error";
  if (head.includes("):") && rails.test(head)) return "error";
  if (head.includes("#<") && inspected.test(head)) return "error";
  if ((head.includes("Warning: ") && warning.test(head)) || (head.includes(" line ") && perl.test(head)))
    return "warning";
  if (head.includes("\n") && frame.test(head)) return "error";
  if (stream === "stdout") return undefined;
  const word = startWord.exec(head);
  return word === null ? undefined : (levelOfWord(word[1] as string) ?? "error");
}

/** What `crash` begins with: blanks, a plus sign, E, P, T, U, g, l, t; or a place of Ruby's. */
const CRASH_BEGINS = new Set([..."+EPTUglt"].map((letter) => letter.charCodeAt(0)));

function mayCrash(text: string): boolean {
  const first = text.charCodeAt(0);
  return first <= 32 || first > 127 || CRASH_BEGINS.has(first) || text.includes(":in ");
}

/** Whether a colon, a bracket or nothing stands behind the first word. Most lines go on with other words. */
function mayBeException(text: string): boolean {
  let end = 0;
  while (isNamePart(text.charCodeAt(end))) end += 1;
  const behind = text.charCodeAt(end);
  const next = text.charCodeAt(end + 1);
  if (behind === 32) return next === 91 || next === 45 || text.startsWith("Uncaught ");
  return behind === 58 || end === text.length;
}

/** Of the name of a class, with its packages. */
function isNamePart(code: number): boolean {
  return isWordCharacter(code) || code === 36 || code === 46;
}

/** A level of trouble in the head of a log line, in capitals or brackets or as `level=error`. */
const troubleWord =
  /\b(?:WARN|WARNING|ERR|ERRO|ERROR|CRIT|CRITICAL|FATAL|PANIC|ALERT|EMERG|SEVERE|EXCEPTION)\b|[[<(](?:Warn|Warning|Error|Fatal|Critical)[\])>]|[[<"=](?:warn|warning|err|error|crit|critical|fatal|panic|severe)\b|(?:^|[\])] )(?:[Ee]rror|[Ww]arning|[Ff]atal|[Ee]xception|fail|crit|warn):|^[EWF]\d{4,8} \d\d:|^ERR! /;
const HEAD = 200;

/** Whether a line is one behind which its program may print a stack trace: it reports a warning or worse. */
export function reportsTrouble(text: string): boolean {
  return troubleWord.test(text.length > HEAD ? text.slice(0, HEAD) : text);
}
