import {
  CLASSES,
  complement,
  PatternError,
  POSIX_CLASSES,
  type Range,
  type Reader,
  type RegexNode,
} from "./syntax.js";

const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, a: 7, e: 27, "0": 0 };

/** Letters outside ASCII that are s and k when case is ignored: with it on they are letters of words. */
const FOLDED_WORD: readonly Range[] = [
  [0x17f, 0x17f],
  [0x212a, 0x212a],
];

/** What an escape inside or outside a class stands for. */
type Escape = {
  readonly ranges: readonly Range[];
  readonly properties: readonly string[];
  readonly single: boolean;
};

/** An escape outside a class, with the reader on its backslash. */
export function parseEscape(reader: Reader): RegexNode[] {
  const start = reader.at;
  const letter = reader.pattern[start + 1];
  if (letter === "b" || letter === "B") return edge(reader, letter === "b" ? "word" : "notWord");
  if (letter === "A") return edge(reader, "textStart");
  if (letter === "z") return edge(reader, "textEnd");
  if (letter === "Z") return edge(reader, "lastEnd");
  if (letter === "Q") return quoted(reader);
  if (letter === "N") {
    reader.at += 2;
    return [node(reader, { ranges: complement([[10, 10]]), properties: [], single: false })];
  }
  if (letter !== undefined && /[1-9gk]/.test(letter)) {
    throw new PatternError(
      `\\${letter} is a back-reference, which can't be decided in linear time`,
      start,
      true,
    );
  }
  return [node(reader, readEscape(reader))];
}

/** A class in brackets, with the reader on the opening one. */
export function parseClass(reader: Reader): RegexNode {
  const start = reader.at++;
  const negated = reader.pattern[reader.at] === "^";
  if (negated) reader.at++;
  const ranges: Range[] = [];
  const properties: string[] = [];
  for (let first = true; first || reader.pattern[reader.at] !== "]"; first = false) {
    if (reader.at >= reader.pattern.length) throw new PatternError("this `[` is never closed", start);
    const item = readClassItem(reader);
    properties.push(...item.properties);
    const dash = reader.pattern[reader.at] === "-" && reader.pattern[reader.at + 1] !== "]";
    if (!item.single || !dash || reader.at + 1 >= reader.pattern.length) {
      ranges.push(...item.ranges);
      continue;
    }
    const dashAt = reader.at++;
    const upper = readClassItem(reader);
    if (!upper.single) {
      ranges.push(...item.ranges, [45, 45], ...upper.ranges);
      properties.push(...upper.properties);
      continue;
    }
    const [low, high] = [item.ranges[0]![0], upper.ranges[0]![0]];
    if (high < low) throw new PatternError("a range ends before it begins", dashAt);
    ranges.push([low, high]);
  }
  reader.at++;
  return { kind: "set", ranges, properties, negated, ignoreCase: reader.flags.ignoreCase };
}

function readClassItem(reader: Reader): Escape {
  const posix = /^\[:(\^?)([a-z]+):\]/.exec(reader.pattern.slice(reader.at, reader.at + 16));
  if (posix !== null) {
    const named = POSIX_CLASSES[posix[2]!];
    if (named === undefined) throw new PatternError(`[:${posix[2]}:] is no POSIX class`, reader.at);
    reader.at += posix[0].length;
    return { ranges: posix[1] === "^" ? complement(named) : named, properties: [], single: false };
  }
  if (reader.pattern[reader.at] === "\\") {
    if (reader.pattern[reader.at + 1] !== "b") return readEscape(reader);
    reader.at += 2;
    return single(8);
  }
  const point = reader.pattern.codePointAt(reader.at)!;
  reader.at += point > 0xffff ? 2 : 1;
  return single(point);
}

/** An escape that stands for characters: a class of one letter, a control, a number, or the letter itself. */
function readEscape(reader: Reader): Escape {
  const start = reader.at;
  const rest = reader.pattern.slice(start + 1, start + 60);
  const letter = rest[0];
  if (letter === undefined) throw new PatternError("a backslash at the end escapes nothing", start);
  const named = CLASSES[letter.toLowerCase()];
  if (named !== undefined) {
    reader.at += 2;
    if (letter === letter.toLowerCase()) return { ranges: named, properties: [], single: false };
    const words = letter === "W" && reader.flags.ignoreCase ? [...named, ...FOLDED_WORD] : named;
    return { ranges: complement(words), properties: [], single: false };
  }
  const property = /^([pP])(?:\{(\^?)([A-Za-z_]+)\}|([LMNPSZC]))/.exec(rest);
  if (property !== null) return readProperty(reader, property);
  const number = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})|^u([0-9A-Fa-f]{4})/.exec(rest);
  if (number !== null) {
    const point = Number.parseInt(number[1] ?? number[2] ?? number[3]!, 16);
    if (point > 0x10ffff) throw new PatternError("there is no such character", start);
    reader.at += 1 + number[0].length;
    return single(point);
  }
  const control = CONTROLS[letter];
  if (control !== undefined) {
    reader.at += 2;
    return single(control);
  }
  if (/[A-Za-z0-9]/.test(letter)) {
    throw new PatternError(`\\${letter} has no meaning here; for a backslash itself write \\\\`, start);
  }
  const point = rest.codePointAt(0)!;
  reader.at += 1 + (point > 0xffff ? 2 : 1);
  return single(point);
}

function readProperty(reader: Reader, found: RegExpExecArray): Escape {
  const name = found[3] ?? found[4]!;
  const negated = (found[1] === "P") !== (found[2] === "^");
  const written = [`${negated ? "\\P" : "\\p"}{${name}}`, `${negated ? "\\P" : "\\p"}{Script=${name}}`];
  for (const property of written) {
    try {
      new RegExp(property, "u");
    } catch {
      continue;
    }
    reader.at += 1 + found[0].length;
    return { ranges: [], properties: [property], single: false };
  }
  throw new PatternError(`${name} is no Unicode property`, reader.at);
}

function quoted(reader: Reader): RegexNode[] {
  const end = reader.pattern.indexOf("\\E", reader.at);
  const text = reader.pattern.slice(reader.at + 2, end < 0 ? undefined : end);
  reader.at = end < 0 ? reader.pattern.length : end + 2;
  return Array.from(text, (letter) => node(reader, single(letter.codePointAt(0)!)));
}

function edge(reader: Reader, kind: "word" | "notWord" | "textStart" | "textEnd" | "lastEnd"): RegexNode[] {
  reader.at += 2;
  return [{ kind: "edge", edge: kind }];
}

function node(reader: Reader, escaped: Escape): RegexNode {
  const { ranges, properties } = escaped;
  return { kind: "set", ranges, properties, negated: false, ignoreCase: reader.flags.ignoreCase };
}

function single(point: number): Escape {
  return { ranges: [[point, point]], properties: [], single: true };
}
