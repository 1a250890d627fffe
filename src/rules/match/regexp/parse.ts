import { parseClass, parseEscape } from "./class.js";
import {
  complement,
  NEWLINE,
  PatternError,
  type Range,
  type Reader,
  type RegexFlags,
  type RegexNode,
} from "./syntax.js";

const DEEPEST_GROUP = 100;
const LONGEST_PATTERN = 20_000;
/** As in RE2: more copies than this are a mistake or an attack. */
const MOST_COPIES = 1000;

/**
 * Parses a pattern of PCRE's flavour. What no automaton can decide in linear time (look-around, back-references,
 * recursion, conditions) and what changes meaning without backtracking (atomic groups, possessive quantifiers)
 * is refused. Throws PatternError.
 */
export function parseRegex(pattern: string, flags: RegexFlags): RegexNode {
  if (pattern.length > LONGEST_PATTERN) {
    throw new PatternError(`the pattern is longer than ${LONGEST_PATTERN} characters`, LONGEST_PATTERN);
  }
  const reader: Reader = { pattern, at: 0, flags };
  const node = parseChoice(reader, 0);
  if (reader.at < pattern.length) throw new PatternError("a `)` closes nothing", reader.at);
  return node;
}

function parseChoice(reader: Reader, depth: number): RegexNode {
  if (depth > DEEPEST_GROUP) {
    throw new PatternError(`groups are nested deeper than ${DEEPEST_GROUP}`, reader.at);
  }
  const choices = [parseSequence(reader, depth)];
  while (reader.pattern[reader.at] === "|") {
    reader.at++;
    choices.push(parseSequence(reader, depth));
  }
  return choices.length === 1 ? choices[0]! : { kind: "choice", items: choices };
}

function parseSequence(reader: Reader, depth: number): RegexNode {
  const items: RegexNode[] = [];
  while (reader.at < reader.pattern.length) {
    const letter = reader.pattern[reader.at]!;
    if (letter === "|" || letter === ")") break;
    if (letter === "(") {
      const group = parseGroup(reader, depth);
      if (group !== undefined) items.push(parseQuantifiers(reader, group));
      continue;
    }
    if (letter === "*" || letter === "+" || letter === "?") {
      throw new PatternError(`\`${letter}\` has nothing in front of it to repeat`, reader.at);
    }
    const atoms = parseAtom(reader);
    const last = atoms.pop();
    items.push(...atoms);
    if (last !== undefined) items.push(parseQuantifiers(reader, last));
  }
  return items.length === 1 ? items[0]! : { kind: "sequence", items };
}

/** A group, or undefined where only flags were set: `(?i)` holds to the end of the group around it. */
function parseGroup(reader: Reader, depth: number): RegexNode | undefined {
  const start = reader.at;
  const outer = reader.flags;
  reader.at++;
  if (reader.pattern[reader.at] === "*")
    throw new PatternError("verbs such as (*SKIP) are not supported", start, true);
  if (reader.pattern[reader.at] === "?") {
    const rest = reader.pattern.slice(reader.at + 1, reader.at + 40);
    const refused = UNSUPPORTED_GROUPS.find(([mark]) => mark.test(rest));
    if (refused !== undefined) throw new PatternError(refused[1], start, true);
    const comment = /^#[^)]*\)/.exec(reader.pattern.slice(reader.at + 1));
    if (comment !== null) {
      reader.at += 1 + comment[0].length;
      return undefined;
    }
    const opening = /^(?:P?<[A-Za-z_]\w*>|'[A-Za-z_]\w*'|([a-z]*)(?:-([a-z]*))?([:)]))/.exec(rest);
    if (opening === null) throw new PatternError(`\`(?${rest.slice(0, 3)}\` opens no known group`, start);
    reader.at += 1 + opening[0].length;
    const end = opening[3];
    if (end !== undefined) reader.flags = changeFlags(outer, opening[1] ?? "", opening[2] ?? "", start);
    if (end === ")") return undefined;
  }
  const node = parseChoice(reader, depth + 1);
  if (reader.pattern[reader.at] !== ")") throw new PatternError("this `(` is never closed", start);
  reader.at++;
  reader.flags = outer;
  return node;
}

const UNSUPPORTED_GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^(?:=|!|<=|<!)/, "look-around can't be decided in linear time; use a second value with `all` or `not`"],
  [/^>/, "atomic groups only steer backtracking, and nothing backtracks here; use (?: )"],
  [/^\(/, "conditional groups can't be decided in linear time"],
  [/^P=/, "back-references can't be decided in linear time"],
  [/^(?:R|&|P>|[+-]?\d)/, "recursion can't be decided in linear time"],
  [/^\|/, "branch reset groups are not supported; use (?: )"],
];

function changeFlags(flags: RegexFlags, on: string, off: string, offset: number): RegexFlags {
  for (const letter of on + off) {
    if (!"ims".includes(letter))
      throw new PatternError(`the flag \`${letter}\` is not one of i, m, s`, offset);
  }
  const value = (letter: string, old: boolean): boolean =>
    !off.includes(letter) && (on.includes(letter) || old);
  return {
    ignoreCase: value("i", flags.ignoreCase),
    multiline: value("m", flags.multiline),
    dotAll: value("s", flags.dotAll),
  };
}

/** What one letter, escape or class stands for; several nodes for `\Q…\E`. */
function parseAtom(reader: Reader): RegexNode[] {
  const letter = reader.pattern[reader.at]!;
  switch (letter) {
    case ".":
      reader.at++;
      return [set(reader.flags.dotAll ? complement([]) : complement(NEWLINE), false)];
    case "^":
      reader.at++;
      return [{ kind: "edge", edge: reader.flags.multiline ? "lineStart" : "textStart" }];
    case "$":
      reader.at++;
      return [{ kind: "edge", edge: reader.flags.multiline ? "lineEnd" : "lastEnd" }];
    case "[":
      return [parseClass(reader)];
    case "\\":
      return parseEscape(reader);
    default: {
      const point = reader.pattern.codePointAt(reader.at)!;
      reader.at += point > 0xffff ? 2 : 1;
      return [set([[point, point]], reader.flags.ignoreCase)];
    }
  }
}

function set(ranges: readonly Range[], ignoreCase: boolean): RegexNode {
  return { kind: "set", ranges, properties: [], negated: false, ignoreCase };
}

/** All quantifiers behind an atom; whether they are lazy makes no difference to whether there is a match. */
function parseQuantifiers(reader: Reader, item: RegexNode): RegexNode {
  const found = /^(?:[*+?]|\{(\d+)(,(\d*))?\})/.exec(reader.pattern.slice(reader.at, reader.at + 40));
  if (found === null) return item;
  const start = reader.at;
  reader.at += found[0].length;
  const after = reader.pattern[reader.at];
  if (after === "+") {
    throw new PatternError(
      "possessive quantifiers only steer backtracking, and nothing backtracks here",
      start,
      true,
    );
  }
  if (after === "?") reader.at++;
  const again = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.test(reader.pattern.slice(reader.at, reader.at + 40));
  if (again) throw new PatternError("a quantifier follows another; put the first into (?: )", reader.at);
  const [least, most] = bounds(found);
  if (most < least) throw new PatternError(`{${least},${most}} ends before it begins`, start);
  if (least > MOST_COPIES || (most !== Number.POSITIVE_INFINITY && most > MOST_COPIES)) {
    throw new PatternError(`a count of more than ${MOST_COPIES} is too large`, start);
  }
  return { kind: "repeat", item, least, most };
}

function bounds(found: RegExpExecArray): [least: number, most: number] {
  if (found[0] === "*") return [0, Number.POSITIVE_INFINITY];
  if (found[0] === "+") return [1, Number.POSITIVE_INFINITY];
  if (found[0] === "?") return [0, 1];
  const least = Number(found[1]);
  if (found[2] === undefined) return [least, least];
  return [least, found[3] === "" || found[3] === undefined ? Number.POSITIVE_INFINITY : Number(found[3])];
}
