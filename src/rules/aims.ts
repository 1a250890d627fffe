import type { SpotProblem } from "./issue.js";
import type { RuleSource } from "./schema.js";

type Aims = Pick<RuleSource, "to" | "drop" | "continue"> &
  Partial<Pick<RuleSource, "sample" | "dedupe" | "set" | "redact" | "metric">>;

const ACTIONS = ["sample", "dedupe", "set", "redact"] as const;
const EDITS: readonly string[] = ["set", "redact"];

/** `drop` and `to` exclude each other, a rule needs one of them or edits for the rules below, and what is not written has no actions. */
export function aimProblems(source: Aims): SpotProblem[] {
  const { to, drop, continue: goesOn } = source;
  const actions = ACTIONS.filter((key) => source[key] !== undefined);
  if (drop) return dropProblems(source, actions);
  if (to !== undefined && Object.keys(to).length > 0) return [];
  const [first] = actions.filter((key) => !EDITS.includes(key));
  if (first !== undefined && to === undefined) {
    return [at([first], `\`${first}\` says how records are written; give the rule \`to:\` as well`)];
  }
  if ((actions.length > 0 || source.metric !== undefined) && to === undefined) {
    const message =
      "a rule that only edits or measures says `continue: true`, so that others decide where records go";
    return goesOn ? [] : [{ path: [], message: `${message}; or give it \`to:\`` }];
  }
  const path = to === undefined ? [] : ["to"];
  return [{ path, message: "the rule says nothing of where records go: give it `to:` or `drop: true`" }];
}

function dropProblems({ to, continue: goesOn }: Aims, actions: readonly string[]): SpotProblem[] {
  if (to !== undefined) return [at(["drop"], "`drop: true` writes nothing, so it cannot stand beside `to`")];
  if (goesOn) return [at(["continue"], "`drop: true` ends the search; remove `continue`")];
  return actions.map((key) =>
    at([key], `\`drop: true\` writes nothing, so \`${key}\` has nothing to act on`),
  );
}

function at(path: readonly string[], message: string): SpotProblem {
  return { path, atKey: true, message };
}
