import { nearestName } from "./nearest.js";
import { selectionsLike } from "./selection-names.js";

/** A condition understood. Names are those of selections; patterns have been resolved to them. */
export type Condition =
  | { readonly kind: "selection"; readonly name: string }
  | { readonly kind: "not"; readonly inner: Condition }
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | {
      readonly kind: "of";
      readonly all: boolean;
      readonly pattern: string;
      readonly names: readonly string[];
    };

/** What is wrong with a condition, and at which character. */
export interface ConditionProblem {
  readonly message: string;
  readonly offset: number;
}

interface Word {
  readonly text: string;
  readonly offset: number;
}

const DEEPEST = 200;

class ConditionError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/**
 * Parses a condition. From loosest to tightest: or, and, not, `1 of` and `all of`, parentheses.
 * `names` are the selections that there are.
 */
export function parseCondition(text: string, names: readonly string[]): Condition | ConditionProblem {
  const parser = new Parser(text, names);
  try {
    return parser.parse();
  } catch (error) {
    if (error instanceof ConditionError) return { message: error.message, offset: error.offset };
    throw error;
  }
}

class Parser {
  private readonly words: readonly Word[];
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly names: readonly string[],
  ) {
    this.words = Array.from(text.matchAll(/[()|]|[^\s()|]+/g), (found) => ({
      text: found[0],
      offset: found.index,
    }));
  }

  parse(): Condition {
    if (this.words.length === 0) throw new ConditionError("the condition is empty", 0);
    const condition = this.parseOr();
    const rest = this.words[this.at];
    if (rest !== undefined) this.refuse(rest);
    return condition;
  }

  /** Says why a word can't stand where a condition could end. */
  private refuse(word: Word): never {
    if (word.text === "|") {
      throw new ConditionError(
        "pipes (count, min, near …) were taken out of Sigma; what counts events is a correlation rule",
        word.offset,
      );
    }
    if (word.text === ")") throw new ConditionError("this `)` closes nothing", word.offset);
    if (word.text.toLowerCase() === "near") throw new ConditionError(NEAR, word.offset);
    throw new ConditionError(`and, or or the end was expected, not \`${word.text}\``, word.offset);
  }

  private parseOr(): Condition {
    const parts = [this.parseAnd()];
    while (this.takeWord("or")) parts.push(this.parseAnd());
    return parts.length === 1 ? parts[0]! : { kind: "or", parts };
  }

  private parseAnd(): Condition {
    const parts = [this.parseNot()];
    while (this.takeWord("and")) parts.push(this.parseNot());
    return parts.length === 1 ? parts[0]! : { kind: "and", parts };
  }

  private parseNot(): Condition {
    if (this.takeWord("not")) {
      return this.deeper(() => ({ kind: "not", inner: this.parseNot() }));
    }
    return this.parseOperand();
  }

  private parseOperand(): Condition {
    const word = this.words[this.at++];
    if (word === undefined) {
      throw new ConditionError("the condition ends where a selection was expected", this.text.length);
    }
    if (word.text === "(") {
      const inner = this.deeper(() => this.parseOr());
      const closing = this.words[this.at];
      if (closing === undefined) throw new ConditionError("this `(` is never closed", word.offset);
      if (closing.text !== ")") this.refuse(closing);
      this.at++;
      return inner;
    }
    const following = this.words[this.at]?.text.toLowerCase();
    if (following === "of") return this.parseOf(word);
    if (this.names.includes(word.text)) return { kind: "selection", name: word.text };
    return this.unknown(word);
  }

  private parseOf(quantity: Word): Condition {
    const amount = quantity.text.toLowerCase();
    if (amount !== "1" && amount !== "all" && amount !== "any") {
      throw new ConditionError(
        `\`${quantity.text} of\` is not supported, only 1 of and all of; spell the combinations out`,
        quantity.offset,
      );
    }
    this.at++;
    const target = this.words[this.at++];
    if (target === undefined || ["(", ")", "|"].includes(target.text)) {
      throw new ConditionError(
        `\`${quantity.text} of\` needs a pattern of selections, or them`,
        target?.offset ?? this.text.length,
      );
    }
    const found = selectionsLike(target.text, this.names);
    if (found.length === 0) {
      const hint = nearestName(target.text.replaceAll("*", ""), this.names);
      throw new ConditionError(`no selection has a name like \`${target.text}\`${hint}`, target.offset);
    }
    return { kind: "of", all: amount === "all", pattern: target.text, names: found };
  }

  private unknown(word: Word): never {
    const { text, offset } = word;
    if (text === ")" || text === "|" || ["and", "or", "of"].includes(text.toLowerCase())) {
      throw new ConditionError(`a selection was expected, not \`${text}\``, offset);
    }
    if (text.toLowerCase() === "near") throw new ConditionError(NEAR, offset);
    if (text.includes("*") || text.toLowerCase() === "them") {
      throw new ConditionError(`write \`1 of ${text}\` or \`all of ${text}\``, offset);
    }
    const there = this.names.length === 0 ? "there are none" : `there are ${this.names.join(", ")}`;
    throw new ConditionError(
      `there is no selection \`${text}\`${nearestName(text, this.names) || `; ${there}`}`,
      offset,
    );
  }

  private takeWord(word: string): boolean {
    if (this.words[this.at]?.text.toLowerCase() !== word) return false;
    this.at++;
    return true;
  }

  private deeper<T>(parse: () => T): T {
    if (++this.depth > DEEPEST) {
      throw new ConditionError(
        `the condition is nested deeper than ${DEEPEST}`,
        this.words[this.at]?.offset ?? 0,
      );
    }
    const parsed = parse();
    this.depth--;
    return parsed;
  }
}

const NEAR = "near was taken out of Sigma; what relates events in time is a correlation rule";
