import { withoutColours } from "../core/colours.js";
import type { Container } from "../core/container.js";
import type { LineJoiner, Relation } from "../core/line.js";
import { NOT_PART, type Trace } from "./traces/trace.js";
import { TRACES } from "./traces/traces.js";

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

const OPEN = 123;

/**
 * Tells which lines of one stream of one container are one event. With a start pattern of the container's own,
 * lines that do not match it join; else the stack traces of the known languages are joined and nothing besides.
 */
export function createJoiner(container: Container, options: JoinerOptions = {}): LineJoiner {
  const pattern = ownPattern(container, options);
  return pattern === undefined ? new TraceJoiner() : new PatternJoiner(pattern);
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

class TraceJoiner implements LineJoiner {
  /** The trace that goes on, if any, and how far it has come. */
  #trace: Trace | undefined;
  #state = NOT_PART;
  /** The ordinary line just before, which a trace may belong to. */
  #line: string | undefined;

  relate(printed: string): Relation {
    const text = withoutColours(printed);
    if (text.charCodeAt(0) === OPEN && text.length > 1) {
      this.reset();
      return "whole";
    }
    return this.#goesOn(text) ? "joins" : this.#begin(text);
  }

  reset(): void {
    this.#trace = undefined;
    this.#line = undefined;
  }

  #goesOn(text: string): boolean {
    if (this.#trace === undefined) return false;
    this.#state = this.#trace.next(this.#state, text);
    return this.#state !== NOT_PART;
  }

  /** A line that the event before it does not take: part of the ordinary line before, or a beginning. */
  #begin(text: string): Relation {
    const before = this.#line;
    this.reset();
    for (let at = 0; at < TRACES.length; at += 1) {
      const trace = TRACES[at] as Trace;
      if (before !== undefined && this.#take(trace, trace.follow(before, text))) return "joins";
      if (this.#take(trace, trace.start(text))) return "starts";
    }
    if (text === "") return "whole";
    this.#line = text;
    return "starts";
  }

  #take(trace: Trace, state: number): boolean {
    if (state === NOT_PART) return false;
    this.#trace = trace;
    this.#state = state;
    return true;
  }
}
