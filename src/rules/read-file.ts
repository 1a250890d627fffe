import { type AccessFor, plainAccess } from "./alias-access.js";
import { type RuleDocument, readDocuments } from "./document.js";
import { type SpotProblem, shown } from "./issue.js";
import { type NativeDocument, readNative } from "./native.js";
import { didYouMean, type RuleProblem } from "./problems.js";
import { fileSchema } from "./schema.js";
import { correlationBases, isPlain, isSigma, looksLikeSigma, readSigma, type SigmaRule } from "./sigma.js";

/** A document of a rule file after it was read, with the way from its paths to lines. */
export interface ReadDocument {
  readonly file: string;
  readonly document: RuleDocument;
  readonly native: NativeDocument | undefined;
  readonly sigma: SigmaRule | undefined;
  /** The names and ids of Sigma rules that serve a correlation only, which is refused. */
  readonly bases: readonly string[];
}

/** What reading one file gave. Problems in plain Sigma documents leave only those out. */
export interface ReadFile {
  readonly documents: readonly ReadDocument[];
  readonly fatal: readonly RuleProblem[];
  readonly leftOut: readonly RuleProblem[];
}

/** Reads the text of one rule file. */
export function readText(file: string, text: string, accessFor: AccessFor = plainAccess): ReadFile {
  const { documents, problems } = readDocuments(text);
  const yaml = problems.map((problem) => ({ file, ...problem }));
  const fatal: RuleProblem[] = [];
  const leftOut: RuleProblem[] = [];
  (looksLikeSigma(text) ? leftOut : fatal).push(...yaml);
  if (documents.length === 0 && problems.length === 0) {
    return failed(file, "the file holds no rules; remove it, or write `rules: []` if that is meant");
  }
  const read = documents.map((document) => {
    const list = isPlain(document.value) ? leftOut : fatal;
    const report = (problem: SpotProblem) =>
      list.push({
        file,
        ...document.place(problem),
        message: problem.message,
        ...(problem.unsupported === true && { unsupported: true }),
      });
    return { file, document, ...readDocument(document.value, report, accessFor) };
  });
  return { documents: read, fatal, leftOut };
}

function readDocument(
  value: unknown,
  report: (problem: SpotProblem) => void,
  accessFor: AccessFor,
): Pick<ReadDocument, "native" | "sigma" | "bases"> {
  if (isSigma(value)) {
    const sigma = readSigma(value, report, accessFor);
    return { ...NOTHING, sigma, bases: correlationBases(value) };
  }
  const known = Object.keys(fileSchema.shape);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const message = `the file is ${shown(value)} where a map with \`rules:\` is meant`;
    report({ path: [], message });
    return NOTHING;
  }
  if (!known.some((key) => Object.hasOwn(value, key))) {
    const [first = ""] = Object.keys(value);
    const message = `neither a rule file (${known.join(", ")}) nor a Sigma rule (title, logsource, detection)`;
    report({ path: [first], atKey: true, message: `${message}${didYouMean(first, known)}` });
    return NOTHING;
  }
  return { ...NOTHING, native: readNative(value, report) };
}

const NOTHING = { native: undefined, sigma: undefined, bases: [] };

/** A file of which nothing can be used. */
export function failed(file: string, message: string): ReadFile {
  return { documents: [], fatal: [{ file, line: 1, column: 1, message }], leftOut: [] };
}
