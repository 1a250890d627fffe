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

/** What is wrong with a value that a rule compares a field of the record's own with. */
const WRONG: Readonly<Record<string, (value: unknown) => SpotProblem[]>> = {
  level: wrongLevel,
  stream: wrongStream,
};

/** Rules compare `level` and `stream` with the few names that records carry; any other would silently never match. */
export function valueProblems(match: unknown): SpotProblem[] {
  if (Array.isArray(match)) return match.flatMap((item, at) => below(valueProblems(item), at));
  if (typeof match !== "object" || match === null) return [];
  return Object.entries(match).flatMap(([key, value]) => {
    const [field = "", ...modifiers] = key.split("|");
    const wrong = Object.hasOwn(WRONG, field) ? WRONG[field] : undefined;
    if (wrong !== undefined && modifiers.every((modifier) => COMPARED.has(modifier))) {
      return below(
        Array.isArray(value) ? value.flatMap((item, at) => below(wrong(item), at)) : wrong(value),
        key,
      );
    }
    return typeof value === "object" ? below(valueProblems(value), key) : [];
  });
}

function wrongLevel(value: unknown): SpotProblem[] {
  const known: readonly string[] = LEVELS;
  if (!isName(value) || known.includes(value.toLowerCase())) return [];
  const other = OTHER_NAMES[value.toLowerCase()];
  const hint = other === undefined ? didYouMean(value, known) : `; did you mean \`${other}\`?`;
  return [{ path: [], message: `\`${value}\` is no level; levels are ${LEVELS.join(", ")}${hint}` }];
}

function wrongStream(value: unknown): SpotProblem[] {
  if (!isName(value) || ["stdout", "stderr"].includes(value.toLowerCase())) return [];
  const message = `\`stream\` is stdout or stderr here, never \`${value}\`; the app's own field is \`data.stream\``;
  return [{ path: [], message }];
}

/** Not of several names, and no number: what apps call so may be one. */
function isName(value: unknown): value is string {
  return typeof value === "string" && !/[*?\\]/.test(value);
}

function below(problems: SpotProblem[], key: PropertyKey): SpotProblem[] {
  return problems.map((problem) => ({ ...problem, path: [key, ...problem.path] }));
}
