import { CATEGORIES } from "../core/record.js";
import { sizeText } from "../core/size-text.js";
import type { Step } from "../retention/plan.js";
import type { RetentionReport, RunOptions } from "../retention/report.js";
import type { PlannedFile, RetentionAnswer } from "../upkeep/answers.js";
import type { RetentionRequest, RunWatch, Upkeep } from "../upkeep/upkeep.js";
import type { Console } from "./console.js";
import { Progress } from "./progress.js";
import { table } from "./table.js";
import { escaped } from "./visible.js";

/** `log-sidecar retention`: one run now. Returns 0, or 1 when a file could not be treated or the run was told to stop. */
export async function retention(
  upkeep: Pick<Upkeep, "retention">,
  options: RetentionRequest & Pick<RunWatch, "signal"> & { readonly json: boolean },
  output: Console,
): Promise<0 | 1> {
  const { json, signal } = options;
  const report = await withProgress(output, (onFile) => upkeep.retention(options, { signal, onFile }));
  output.out.write(json ? `${JSON.stringify(report)}\n` : reportText(report));
  if (!json) {
    if (report.openFiles > 0) output.out.write(openText(report.openFiles));
    tellProblems(report, output);
  }
  return report.failures.length > 0 || report.aborted ? 1 : 0;
}

/** Shows on a terminal how far the work has come. */
export async function withProgress<T>(
  { err }: Console,
  work: (onFile: NonNullable<RunOptions["onFile"]>) => Promise<T>,
): Promise<T> {
  const progress = new Progress(err);
  try {
    return await work((done, all, path) => progress.show(done / all, `${done} of ${all} files, ${path}`));
  } finally {
    progress.clear();
  }
}

function reportText(report: RetentionAnswer): string {
  const { today, planned, done, dryRun } = report;
  if (planned.length === 0) return `${today}: nothing to do\n`;
  if (dryRun) return `${planText(planned)}\n${today}: would be done\n${stepsTable(countPlanned(planned))}`;
  const freed = done.reduce((sum, { freedBytes }) => sum + freedBytes, 0);
  return `${today}: done\n${stepsTable(countDone(done))}freed ${sizeText(freed)}\n`;
}

function openText(count: number): string {
  return count === 1
    ? "1 file is due and waits until it is sealed\n"
    : `${count} files are due and wait until they are sealed\n`;
}

/** Room for the longest: `compress, archive`. */
const STEPS_WIDTH = 17;
const SIZE_WIDTH = 8;

/** A line for each file of a plan. Not aligned by what there is: plans can have 100,000 lines. */
export function planText(planned: readonly PlannedFile[]): string {
  let text = "";
  for (const { path, bytes, steps } of planned) {
    text += `${steps.join(", ").padEnd(STEPS_WIDTH)}  ${sizeText(bytes).padStart(SIZE_WIDTH)}  ${path}\n`;
  }
  return text;
}

interface Sum {
  files: number;
  bytes: number;
}

/** Files and bytes by category and step. */
export type StepSums = ReadonlyMap<string, Sum>;

export function countDone(done: RetentionReport["done"]): StepSums {
  const sums = new Map<string, Sum>();
  for (const { category, step, bytes } of done) add(sums, `${category} ${step}`, bytes);
  return sums;
}

export function countPlanned(planned: readonly PlannedFile[]): StepSums {
  const sums = new Map<string, Sum>();
  for (const { category, bytes, steps } of planned)
    for (const step of steps) add(sums, `${category} ${step}`, bytes);
  return sums;
}

function add(sums: Map<string, Sum>, key: string, bytes: number): void {
  const sum = sums.get(key) ?? { files: 0, bytes: 0 };
  sum.files += 1;
  sum.bytes += bytes;
  sums.set(key, sum);
}

const SHOWN: readonly (readonly [step: Step, head: string])[] = [
  ["compress", "compressed"],
  ["archive", "archived"],
  ["delete", "deleted"],
  ["tidy", "tidied"],
];

/** The categories that anything happens to, with files and bytes for each step. */
export function stepsTable(sums: StepSums): string {
  const steps = SHOWN.filter(([step]) => CATEGORIES.some((category) => sums.has(`${category} ${step}`)));
  const rows = CATEGORIES.filter((category) => steps.some(([step]) => sums.has(`${category} ${step}`))).map(
    (category) => [
      category,
      ...steps.flatMap(([step]) => {
        const sum = sums.get(`${category} ${step}`);
        return sum === undefined ? ["", ""] : [String(sum.files), sizeText(sum.bytes)];
      }),
    ],
  );
  return table([["", ...steps.flatMap(([, head]) => [head, ""])], ...rows]);
}

/** Failures one by one, and what was left alone in one line. */
export function tellProblems(
  { failures, leftAlone, aborted }: Pick<RetentionReport, "failures" | "leftAlone" | "aborted">,
  { err }: Console,
): void {
  for (const { step, path, why } of failures) err.write(`could not ${step} ${shown(path)}: ${why}\n`);
  const [first] = leftAlone;
  if (first !== undefined) {
    const others = leftAlone.length > 1 ? ` and ${leftAlone.length - 1} more` : "";
    err.write(`left alone, as not the sidecar's: ${shown(first.path)} (${first.why})${others}\n`);
  }
  if (aborted) err.write("stopped before the end; the next run goes on\n");
}

/** A path for a terminal: names of others may hold anything. */
function shown(path: string): string {
  const quoted = JSON.stringify(path);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return escaped(/[\u0000-\u001f]/.test(path) ? quoted : path);
}
