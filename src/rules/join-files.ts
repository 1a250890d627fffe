import type { Target } from "../core/decision.js";
import type { Spot } from "./document.js";
import type { NativeRule } from "./native.js";
import type { Outcome } from "./part.js";
import type { RuleProblem } from "./problems.js";
import type { ReadDocument, ReadFile } from "./read-file.js";
import type { FilePlace, RuleSetSource, RuleTest } from "./rule-set.js";
import type { SigmaRule } from "./sigma.js";
import { outcomeOf } from "./targets.js";

export interface FilesJoined {
  readonly source: RuleSetSource;
  readonly fatal: readonly RuleProblem[];
}

/** Puts the files together in their order and finds what is wrong only between them. */
export function joinFiles(read: readonly ReadFile[], files: readonly string[]): FilesJoined {
  const fatal = read.flatMap((file) => file.fatal);
  const leftOut = read.flatMap((file) => file.leftOut);
  const documents = read.flatMap((file) => file.documents);
  const bases = new Set(documents.flatMap((document) => document.bases));
  const native: (NativeRule & FilePlace)[] = [];
  const sigma: (SigmaRule & FilePlace)[] = [];
  const tests: RuleTest[] = [];
  const ids = new Names();
  const shapes = new Names();
  let fallback: { outcome: Outcome; place: FilePlace } | undefined;

  for (const document of documents) {
    const at = (path: readonly PropertyKey[], atKey = false) => placeIn(document, { path, atKey });
    for (const rule of document.native?.rules ?? []) {
      const place = at(rule.path);
      native.push({ ...rule, ...place });
      const taken = ids.take(rule.id, "", place);
      if (taken !== undefined) fatal.push({ ...at([...rule.path, "id"]), message: twice(rule.id, taken) });
      fatal.push(...shapeProblems(rule.outcome, shapes, (key) => at([...rule.path, "to", ...key], true)));
      fatal.push(...metricProblems(rule, shapes, at([...rule.path, "metric"], true)));
    }
    for (const test of document.native?.tests ?? []) tests.push({ source: test.source, ...at(test.path) });
    const outcome = document.native?.fallback;
    if (outcome !== undefined) {
      const place = at(["default"], true);
      if (fallback !== undefined) {
        fatal.push({ ...place, message: `\`default\` is said already in ${where(fallback.place)}` });
      }
      fallback ??= { outcome, place };
      fatal.push(...shapeProblems(outcome, shapes, (key) => at(["default", "to", ...key], true)));
    }
  }
  // After all native rules, so that a published rule never takes an id from one's own.
  for (const document of documents) {
    if (document.sigma === undefined) continue;
    const place = placeIn(document, { path: ["id"] });
    if (isBase(document.sigma, bases)) {
      leftOut.push({ ...place, message: FOR_CORRELATION, unsupported: true });
      continue;
    }
    const taken = ids.take(document.sigma.id, "", place);
    if (taken === undefined) sigma.push({ ...document.sigma, ...place });
    else leftOut.push({ ...place, message: twice(document.sigma.id, taken) });
  }
  const raw = outcomeOf({ rule: undefined, to: { raw: {} }, drop: false });
  return {
    source: { native, sigma, tests, fallback: fallback?.outcome ?? raw, leftOut, files },
    fatal: inOrder(fatal, files),
  };
}

const FOR_CORRELATION =
  "a correlation that is not supported needs this rule; alone it would match each of the events that are to be counted";

function isBase({ id, name, isPlain }: SigmaRule, bases: ReadonlySet<string>): boolean {
  return isPlain && (bases.has(id) || (name !== undefined && bases.has(name)));
}

function twice(id: string, first: FilePlace): string {
  return `the id \`${id}\` is taken already by ${where(first)}`;
}

function where(place: FilePlace): string {
  return `${place.file}:${place.line}`;
}

function placeIn(document: ReadDocument, spot: Spot): FilePlace {
  return { file: document.file, ...document.document.place(spot) };
}

/** Who took a name first, and with which shape. */
class Names {
  readonly #first = new Map<string, { shape: string; place: FilePlace }>();

  /** Undefined when the name is new or has the same shape, else the place that took it. Ids never share. */
  take(name: string, shape: string, place: FilePlace): FilePlace | undefined {
    const first = this.#first.get(name);
    if (first === undefined) this.#first.set(name, { shape, place });
    return first === undefined || (shape !== "" && first.shape === shape) ? undefined : first.place;
  }
}

/** A table has one header and a dataset one set of arrays, whichever rule writes to it. */
function shapeProblems(outcome: Outcome, shapes: Names, at: (key: string[]) => FilePlace): RuleProblem[] {
  return outcome.part.targets.flatMap((target): RuleProblem[] => {
    const known = shapeOf(target);
    if (known === undefined) return [];
    const place = at([target.category, known.key]);
    const first = shapes.take(known.name, known.shape, place);
    return first === undefined ? [] : [{ ...place, message: `${known.clash} in ${where(first)}` }];
  });
}

/** A metric has one type and one set of labels, whichever rule gives it values. */
function metricProblems({ outcome }: NativeRule, shapes: Names, place: FilePlace): RuleProblem[] {
  return (outcome.part.metrics ?? []).flatMap(({ declaration: { help: _help, ...declaration } }) => {
    const first = shapes.take(`metric ${declaration.name}`, JSON.stringify(declaration), place);
    const message = `the metric \`${declaration.name}\` has another type, other labels or buckets`;
    return first === undefined ? [] : [{ ...place, message: `${message} in ${where(first)}` }];
  });
}

function shapeOf(target: Target): { name: string; key: string; shape: string; clash: string } | undefined {
  if (target.category === "summary") {
    const { columns, windows } = target;
    const shape = JSON.stringify([columns.map(({ name }) => name), windows]);
    const more = windows === undefined ? "" : ", groups, aggregates or windows";
    const clash = `the table \`${target.table}\` has other columns${more}`;
    return { name: `summary ${target.table}`, key: "columns", shape, clash };
  }
  if (target.category !== "training") return undefined;
  const names = [target.features, target.fields].map((fields) => fields.map(({ name }) => name));
  const { label, weight, classes, format } = target;
  const shape = JSON.stringify([names, label !== undefined, weight !== undefined, classes, format]);
  const clash = `the dataset \`${target.dataset}\` has other features, fields, label, classes, weight or format`;
  return { name: `training ${target.dataset}`, key: "dataset", shape, clash };
}

function inOrder(problems: readonly RuleProblem[], files: readonly string[]): RuleProblem[] {
  const rank = new Map(files.map((file, at) => [file, at]));
  return problems.toSorted(
    (a, b) => (rank.get(a.file) ?? 0) - (rank.get(b.file) ?? 0) || a.line - b.line || a.column - b.column,
  );
}
