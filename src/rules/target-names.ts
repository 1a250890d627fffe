import { AGGREGATES, windowHeader } from "../core/windows.js";
import type { SpotProblem } from "./issue.js";
import type { FieldName, TargetsSource } from "./schema.js";

/** What the writers put there themselves. */
const SUMMARY_OWN = ["ts"];
const TRAINING_OWN = ["features", "label", "classes", "weight", "ts_ns"];

/** Names within one rule's targets that meet each other or what the sidecar writes itself. */
export function nameProblems(to: TargetsSource | undefined): SpotProblem[] {
  const problems: SpotProblem[] = [];
  if (to?.summary?.every !== undefined) problems.push(...windowProblems(to.summary));
  else if (to?.summary !== undefined) {
    problems.push(...clashes(to.summary.columns ?? [], SUMMARY_OWN, ["to", "summary", "columns"]));
  }
  if (to?.training !== undefined) {
    const features = to.training.features.map((field) => ({ name: field, field }));
    problems.push(...clashes(features, [], ["to", "training", "features"]));
    problems.push(...clashes(to.training.fields ?? [], TRAINING_OWN, ["to", "training", "fields"]));
    problems.push(...classProblems(to.training));
  }
  return problems;
}

function classProblems({
  classes,
  label,
}: Pick<NonNullable<TargetsSource["training"]>, "classes" | "label">): SpotProblem[] {
  if (classes === undefined) return [];
  const path = ["to", "training", "classes"];
  if (label === undefined) return [{ path, message: "`classes` are those of the label: say `label` too" }];
  const twice = classes.find((name, at) => classes.indexOf(name) !== at);
  return twice === undefined ? [] : [{ path, message: `\`${twice}\` is named twice` }];
}

/** The header of a table with windows is made of several lists, which can meet. */
function windowProblems({ by, columns, aggregates }: NonNullable<TargetsSource["summary"]>): SpotProblem[] {
  if (aggregates !== undefined && columns === undefined) {
    const message =
      "`aggregates` are made of columns; name some with `columns`, or leave it out: each row has the `count` of its records";
    return [{ path: ["to", "summary", "aggregates"], atKey: true, message }];
  }
  const names = { by: namesOf(by), columns: namesOf(columns), aggregates: aggregates ?? AGGREGATES };
  const seen = new Set<string>();
  return windowHeader(names).flatMap((name) => {
    const isTaken = seen.has(name);
    seen.add(name);
    const path = ["to", "summary", by === undefined ? "columns" : "by"];
    const message = `two columns of the table would be called \`${name}\`; give one another name`;
    return isTaken ? [{ path, atKey: true, message }] : [];
  });
}

function namesOf(fields: readonly FieldName[] | undefined): string[] {
  return (fields ?? []).map(({ name }) => name);
}

function clashes(fields: readonly FieldName[], taken: readonly string[], path: PropertyKey[]): SpotProblem[] {
  const seen = new Set<string>();
  const problems: SpotProblem[] = [];
  for (const { name } of fields) {
    if (seen.has(name)) problems.push({ path, message: `\`${name}\` is named twice` });
    if (taken.includes(name)) {
      problems.push({
        path,
        message: `\`${name}\` is written by the sidecar itself; give yours another name`,
      });
    }
    seen.add(name);
  }
  return problems;
}
