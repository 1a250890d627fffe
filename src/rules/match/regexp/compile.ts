import { fold } from "../text.js";
import { buildMachine } from "./automaton.js";
import { hasLastEnd, withoutLastEnd } from "./last-end.js";
import { nativeRegExp } from "./native.js";
import { parseRegex } from "./parse.js";
import { requiredTexts, simplifyRegex } from "./simplify.js";
import { compileSimulation } from "./simulate.js";
import { PatternError, type RegexFlags, type RegexNode } from "./syntax.js";

/** Where a match must lie; `re` alone searches anywhere. */
export interface RegexPlace {
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

/** A pattern compiled, or why it is refused. */
export type CompiledRegex =
  | {
      readonly test: (text: string) => boolean;
      /** `native`: V8's RegExp; `automaton`: the product's own, for patterns that backtracking could make slow. */
      readonly engine: "native" | "automaton";
      /** Every match holds one of these, in folded case; undefined when nothing can be said. */
      readonly required: readonly string[] | undefined;
    }
  | { readonly reason: string; readonly offset: number; readonly unsupported?: boolean };

/**
 * Compiles a regular expression into a test that takes time linear in its text, whatever pattern and text:
 * V8's RegExp where the steps at one place are few, an automaton for all else. Never throws.
 */
export function compileRegex(
  pattern: string,
  flags: RegexFlags,
  place: RegexPlace = ANYWHERE,
): CompiledRegex {
  try {
    const parsed = parseRegex(pattern, flags);
    const items: RegexNode[] = [parsed];
    if (place.atStart) items.unshift({ kind: "edge", edge: "textStart" });
    if (place.atEnd) items.push({ kind: "edge", edge: "textEnd" });
    const node = simplifyRegex({ kind: "sequence", items });
    const required = requiredTexts(node, false)?.texts.map(fold);
    const native = nativeRegExp(node);
    if (native !== undefined) return { test: (text) => native.test(text), engine: "native", required };
    return { test: withLiterals(node, compileAutomaton(node)), engine: "automaton", required };
  } catch (error) {
    if (error instanceof PatternError) {
      return { reason: error.message, offset: error.offset, unsupported: error.isUnsupported };
    }
    // V8 refuses what the parser let through (a pattern too large for it, for instance).
    return { reason: error instanceof Error ? error.message : String(error), offset: 0 };
  }
}

function compileAutomaton(node: RegexNode): (text: string) => boolean {
  if (!hasLastEnd(node)) return simulationOf(node);
  // Nearly no text ends in a line end. For all others `$` is the text's end, which costs nothing inside the text.
  const plain = simulationOf(withoutLastEnd(node));
  const exact = simulationOf(node);
  return (text) => (text.charCodeAt(text.length - 1) === 10 ? exact(text) : plain(text));
}

function simulationOf(node: RegexNode): (text: string) => boolean {
  const machine = buildMachine(node);
  return machine === undefined ? () => true : compileSimulation(machine);
}

const ANYWHERE: RegexPlace = { atStart: false, atEnd: false };

/** Literals beyond this many cost as much to search for as the automaton. */
const MOST_LITERALS = 4;

/** Asks for the literals of the pattern first: the engine's indexOf is many times faster than the automaton. */
function withLiterals(node: RegexNode, test: (text: string) => boolean): (text: string) => boolean {
  const exact = requiredTexts(node, true);
  const anyCase = requiredTexts(node, false);
  // One letter is in nearly every text; a longer literal is worth folding the text for.
  const folding = (exact?.shortest ?? 0) < 2 && (anyCase?.shortest ?? 0) > 2;
  const literals = folding ? anyCase?.texts.map(fold) : exact?.texts;
  if (literals === undefined || literals.length > MOST_LITERALS) return test;
  return (text) => {
    const searched = folding ? fold(text) : text;
    return literals.some((literal) => searched.includes(literal)) && test(text);
  };
}
