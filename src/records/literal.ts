import { levelOfWord } from "../core/level-words.js";
import type { JsonObject } from "../core/record.js";

const LONGEST = 65_536;
const DEEPEST = 16;
/** Sticky: what stands between the pieces. */
const space = /[\s]*/y;
const name = /[A-Za-z_$][\w$]*|\[Symbol\([\w. ]{1,60}\)\]/y;
const quoted = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/y;
/** Numbers, words such as `True` and `undefined`, dates, and `[Object]`, which stands for what was too deep. */
const word = /-?\d[\w.:+-]*|[A-Za-z]+|\[(?:Object|Array|Circular \*\d|Function(?:: [\w$ ]{1,60})?)\]/y;
const WORDS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  True: true,
  False: false,
  None: null,
  undefined: null,
  NaN: null,
  Infinity: null,
};
const LEVELS = ["level", "levelname", "severity", "levelName"];
const MESSAGES = ["message", "msg", "event"];

/** The text is no such object. */
class NoLiteral extends Error {}

/**
 * A log event that a program printed as its language shows an object: Node's util.inspect (`{ level: 'info', message: 'x' }`,
 * winston's prettyPrint) or Python's repr (`{'level': 'info', 'message': 'x'}`). Undefined for all other text, also for objects
 * that say no level and no message, of which the text is the better message.
 */
export function readLiteral(text: string): JsonObject | undefined {
  if (text.length > LONGEST || !text.trimEnd().endsWith("}")) return undefined;
  if (!MESSAGES.some((key) => text.includes(key))) return undefined;
  try {
    const reader = new LiteralReader(text);
    const data = reader.whole();
    const hasLevel = LEVELS.some((key) => levelOfWord(String(data[key] ?? "")) !== undefined);
    return hasLevel && MESSAGES.some((key) => typeof data[key] === "string") ? data : undefined;
  } catch (cause) {
    if (cause instanceof NoLiteral) return undefined;
    throw cause;
  }
}

class LiteralReader {
  #at = 0;

  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonObject {
    const data = this.#object(0);
    if (this.#at < this.#text.length) throw new NoLiteral();
    return data;
  }

  #value(depth: number): unknown {
    if (depth > DEEPEST) throw new NoLiteral();
    const first = this.#text[this.#at];
    if (first === "{") return this.#object(depth);
    if (first === "'" || first === '"' || first === "`") return this.#string();
    const said = this.#take(word);
    if (said !== undefined) return Object.hasOwn(WORDS, said[0]) ? WORDS[said[0]] : numberOrText(said[0]);
    if (first === "[" || first === "(") return this.#list(first === "[" ? "]" : ")", depth);
    throw new NoLiteral();
  }

  #object(depth: number): JsonObject {
    this.#expect("{");
    const entries: [string, unknown][] = [];
    while (!this.#has("}")) {
      const key = this.#text[this.#at] === "[" || !/['"]/.test(this.#text[this.#at] ?? "");
      const said = key ? this.#take(name)?.[0] : this.#string();
      if (said === undefined) throw new NoLiteral();
      this.#expect(":");
      const value = this.#value(depth + 1);
      // A symbol's value repeats what a key says.
      if (!said.startsWith("[")) entries.push([said, value]);
      if (!this.#has(",")) {
        this.#expect("}");
        break;
      }
    }
    return Object.fromEntries(entries);
  }

  #list(closing: string, depth: number): unknown[] {
    this.#at += 1;
    this.#take(space);
    const items: unknown[] = [];
    while (!this.#has(closing)) {
      items.push(this.#value(depth + 1));
      if (!this.#has(",")) {
        this.#expect(closing);
        break;
      }
    }
    return items;
  }

  /** Node shows a long text as several with a plus sign between. */
  #string(): string {
    let all = "";
    do {
      const said = this.#take(quoted);
      if (said === undefined) throw new NoLiteral();
      all += (said[1] ?? said[2] ?? said[3] ?? "").replace(/\\(x[\da-f]{2}|u[\da-f]{4}|.)/gis, unescaped);
    } while (this.#has("+"));
    return all;
  }

  #has(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    this.#take(space);
    return true;
  }

  #expect(sign: string): void {
    if (!this.#has(sign)) throw new NoLiteral();
  }

  /** What a sticky pattern finds here, with the space behind it. */
  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at += found[0].length;
    if (pattern !== space) this.#take(space);
    return found;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

function unescaped(_: string, said: string): string {
  if (said.length > 1) return String.fromCharCode(Number.parseInt(said.slice(1), 16));
  return ESCAPES[said] ?? said;
}

function numberOrText(said: string): unknown {
  const number = Number(said);
  return Number.isFinite(number) && String(number) === said ? number : said;
}
