import { withoutColours } from "../core/colours.js";
import type { Container } from "../core/container.js";
import type { LearnedForm, LineJoiner, Relation } from "../core/line.js";
import { EventJoiner } from "./events.js";
import { UNLEARNED } from "./heads/learning.js";

/** A pattern that is known to run in time linear in the text. */
export interface SafePattern {
  test(text: string): boolean;
}

export interface JoinerOptions {
  /** Compiles a start pattern; throws when it is wrong or cannot be run safely. Without it, patterns are refused. */
  readonly compilePattern?: (source: string) => SafePattern;
  /** The container's `multiline` cannot be used; the known traces are joined as without it. */
  readonly onBad?: (container: Container, cause: unknown) => void;
}

/**
 * Tells which lines of one stream of one container are one event. With a start pattern of the container's own,
 * lines that do not match it join; else see EventJoiner.
 */
export function createJoiner(container: Container, options: JoinerOptions = {}): LineJoiner {
  const pattern = ownPattern(container, options);
  if (pattern !== undefined) return new PatternJoiner(pattern);
  return new EventJoiner(learns(container) ? UNLEARNED : undefined);
}

/** Who names the format, or what events begin with, knows it. */
function learns({ format, multiline }: Container): boolean {
  return (
    multiline === undefined && (format === undefined || format.toLowerCase() === "auto" || format === "")
  );
}

function ownPattern(container: Container, options: JoinerOptions): SafePattern | undefined {
  if (container.multiline === undefined) return undefined;
  try {
    if (options.compilePattern === undefined) throw new Error("no patterns can be compiled here");
    return options.compilePattern(container.multiline);
  } catch (cause) {
    options.onBad?.(container, cause);
    return undefined;
  }
}

class PatternJoiner implements LineJoiner {
  /** The container's own word: there is nothing to learn, whatever an earlier run had learned. */
  get learned(): undefined {
    return undefined;
  }

  set learned(_learned: LearnedForm | undefined) {
    // Kept out.
  }

  readonly #pattern: SafePattern;
  #pending = false;

  constructor(pattern: SafePattern) {
    this.#pattern = pattern;
  }

  relate(text: string): Relation {
    const starts = !this.#pending || this.#pattern.test(withoutColours(text));
    this.#pending = true;
    return starts ? "starts" : "joins";
  }

  reset(): void {
    this.#pending = false;
  }
}
