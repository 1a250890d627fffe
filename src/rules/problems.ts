import { closest, distance } from "fastest-levenshtein";
import { SidecarError } from "../core/errors.js";

/** Something wrong in a rule file. Lines and columns count from 1. */
export interface RuleProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What is wrong, and what was probably meant. */
  readonly message: string;
  /** The rule is no mistake, but needs what is not to be had here (`expand`, correlations, look-around). */
  readonly unsupported?: boolean;
}

/** RULES_INVALID with every problem at once: in the message for people, in `problems` for programs. */
export class RulesInvalid extends SidecarError {
  readonly problems: readonly RuleProblem[];

  constructor(problems: readonly RuleProblem[]) {
    const count = problems.length === 1 ? "1 error" : `${problems.length} errors`;
    super("RULES_INVALID", `${count} in the rules:\n${problems.map(problemText).join("\n")}\n`);
    this.problems = problems;
  }
}

/** `file:line:column  message`, which editors and terminals make a link of. */
export function problemText(problem: RuleProblem): string {
  return `${problem.file}:${problem.line}:${problem.column}  ${problem.message}`;
}

/** `; did you mean \`severity\`?` when one of the known names is near enough to be a slip, else nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  if (known.length === 0 || name === "") return "";
  const nearest = closest(name.toLowerCase(), known.slice());
  const limit = Math.ceil(name.length * 0.4);
  return distance(name.toLowerCase(), nearest.toLowerCase()) <= limit ? `; did you mean \`${nearest}\`?` : "";
}
