import { setImmediate as turn } from "node:timers/promises";
import type { FieldAlias } from "../config/field-aliases.js";
import { aliasAccess } from "./alias-access.js";
import { type RuleFolder, readFolder } from "./folder.js";
import { type FilesJoined, joinFiles } from "./join-files.js";
import { RulesInvalid } from "./problems.js";
import { failed, type ReadFile, readText } from "./read-file.js";
import { RuleSet, type RuleSetOptions } from "./rule-set.js";

export interface LoadOptions extends RuleSetOptions {
  /** Other names of fields for Sigma rules, by log source. */
  readonly fieldAliases?: readonly FieldAlias[];
}

/** So long may files be compiled before waiting lines get their turn. */
const SLICE_MS = 10;

/**
 * Reads all rules of a folder, or of several with colons between, in name order.
 * @throws RulesInvalid with every error of every file, so that they can be mended in one go.
 */
export async function loadRules(dir: string, options: LoadOptions = {}): Promise<RuleSet> {
  return compileRules(await readFolder(dir), options);
}

/** @throws RulesInvalid as `loadRules` does. */
export async function compileRules(folder: RuleFolder, options: LoadOptions = {}): Promise<RuleSet> {
  const { source, fatal } = await readRules(folder, options);
  if (fatal.length > 0) throw new RulesInvalid(fatal);
  return new RuleSet(source, options);
}

/** Everything that could be read of these files; `source` is to be used only when nothing is fatal. */
export async function readRules({ files }: RuleFolder, options: LoadOptions = {}): Promise<FilesJoined> {
  const accessFor = aliasAccess(options.fieldAliases ?? []);
  const read: ReadFile[] = [];
  let slice = performance.now();
  for (const { path, content } of files) {
    read.push("fault" in content ? failed(path, content.fault) : readText(path, content.text, accessFor));
    if (performance.now() - slice < SLICE_MS) continue;
    await turn();
    slice = performance.now();
  }
  return joinFiles(
    read,
    files.map(({ path }) => path),
  );
}
