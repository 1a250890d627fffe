import { LEVELS } from "../core/record.js";
import type { SpotProblem } from "./issue.js";
import { didYouMean } from "./problems.js";

/** What apps call levels, and the names that records carry. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  warn: "warning",
  err: "error",
  fatal: "critical",
  crit: "critical",
  panic: "critical",
  notice: "info",
  information: "info",
  verbose: "trace",
};

const COMPARED = new Set(["gt", "gte", "lt", "lte", "neq", "cased", "all"]);

/** Rules compare `level` with the six names that records carry; any other would silently never match. */
export function levelProblems(match: unknown): SpotProblem[] {
  if (Array.isArray(match)) return match.flatMap((item, at) => below(levelProblems(item), at));
  if (typeof match !== "object" || match === null) return [];
  return Object.entries(match).flatMap(([key, value]) => {
    const [field, ...modifiers] = key.split("|");
    if (field === "level" && modifiers.every((modifier) => COMPARED.has(modifier))) {
      return below(
        Array.isArray(value) ? value.flatMap((item, at) => below(wrong(item), at)) : wrong(value),
        key,
      );
    }
    return typeof value === "object" ? below(levelProblems(value), key) : [];
  });
}

function wrong(value: unknown): SpotProblem[] {
  const known: readonly string[] = LEVELS;
  if (typeof value !== "string" || /[*?\\]/.test(value) || known.includes(value.toLowerCase())) return [];
  const other = OTHER_NAMES[value.toLowerCase()];
  const hint = other === undefined ? didYouMean(value, known) : `; did you mean \`${other}\`?`;
  return [{ path: [], message: `\`${value}\` is no level; levels are ${LEVELS.join(", ")}${hint}` }];
}

function below(problems: SpotProblem[], key: PropertyKey): SpotProblem[] {
  return problems.map((problem) => ({ ...problem, path: [key, ...problem.path] }));
}
