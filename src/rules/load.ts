import { listRuleFiles, type RuleFile, readRuleFile } from "./files.js";
import { type FilesJoined, joinFiles } from "./join-files.js";
import { RulesInvalid } from "./problems.js";
import { failed, type ReadFile, readText } from "./read-file.js";
import { RuleSet, type RuleSetOptions } from "./rule-set.js";

/**
 * Reads all rules of a folder, or of several with colons between, in name order.
 * @throws RulesInvalid with every error of every file, so that they can be mended in one go.
 */
export async function loadRules(dir: string, options: RuleSetOptions = {}): Promise<RuleSet> {
  const { source, fatal } = await readRules(await listRuleFiles(dir));
  if (fatal.length > 0) throw new RulesInvalid(fatal);
  return new RuleSet(source, options);
}

/** Everything that could be read of these files; `source` is to be used only when nothing is fatal. */
export async function readRules(files: readonly RuleFile[]): Promise<FilesJoined> {
  const read: ReadFile[] = [];
  // One after the other: each wait lets lines be written while thousands of files are read again.
  for (const file of files) read.push(await readOne(file));
  return joinFiles(
    read,
    files.map((file) => file.path),
  );
}

async function readOne(file: RuleFile): Promise<ReadFile> {
  const content = await readRuleFile(file);
  if ("fault" in content) return failed(file.path, content.fault);
  return readText(file.path, content.text);
}
