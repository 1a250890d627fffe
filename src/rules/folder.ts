import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { emptyRuleFolders, listRuleFiles, type RuleFile, readRuleFile } from "./files.js";

/** The rule files of the folders as they stood at one moment. */
export interface RuleFolder {
  readonly files: readonly { readonly path: string; readonly content: FileContent }[];
  /** Of names, sizes and times: cheap to take again, and other where a file was written or replaced. */
  readonly stamp: string;
  /** Of the contents. */
  readonly digest: string;
  /**
   * Whether a later change is sure to change the stamp. It is not for files that were written just before they were
   * read: file systems count times in steps, some of them of two seconds.
   */
  readonly settled: boolean;
  /** Those of the folders that hold no rule file: perhaps their mount went away. */
  readonly empty: readonly string[];
}

type FileContent = Awaited<ReturnType<typeof readRuleFile>>;

const TIME_STEP_MS = 2000;
/** Whoever writes for longer than this all told (10 + 20 + … + 80 ms) will be noticed again when it is done. */
const TRIES = 9;
const PAUSE_MS = 10;

/**
 * Reads all rule files. What changes while it is being read is read again, so that a file that somebody is just writing
 * is not taken half.
 * @throws SidecarError RULES_INVALID when a folder itself cannot be read.
 */
export async function readFolder(dir: string): Promise<RuleFolder> {
  let files = await listRuleFiles(dir);
  for (let attempt = 1; ; attempt++) {
    const nowMs = Date.now();
    const folder = await readFiles(files);
    const again = await listRuleFiles(dir);
    const stamp = stampOf(again);
    if (attempt === TRIES || (stamp === stampOf(files) && isWhole(folder, files))) {
      const settled = again.every(({ changedMs }) => changedMs + TIME_STEP_MS < nowMs);
      return { ...folder, stamp, settled, empty: await emptyRuleFolders(dir) };
    }
    await sleep(PAUSE_MS * attempt);
    files = await listRuleFiles(dir);
  }
}

/** The stamp of the folders as they are now. */
export async function stampFolder(dir: string): Promise<string> {
  return stampOf(await listRuleFiles(dir));
}

type FolderRead = Pick<RuleFolder, "files" | "digest">;

/** One after the other: each wait lets lines be written while thousands of files are read again. */
async function readFiles(listed: readonly RuleFile[]): Promise<FolderRead> {
  const hash = createHash("sha256");
  const files: { path: string; content: FileContent }[] = [];
  for (const file of listed) {
    const content = await readRuleFile(file);
    files.push({ path: file.path, content });
    hash.update(JSON.stringify([file.path, content]));
  }
  return { files, digest: hash.digest("hex") };
}

/** Whether each file has the size that the list told. */
function isWhole({ files }: FolderRead, listed: readonly RuleFile[]): boolean {
  return files.every(({ content }, at) => "fault" in content || content.sizeBytes === listed[at]?.sizeBytes);
}

function stampOf(files: readonly RuleFile[]): string {
  return files.map((file) => file.stamp).join("\n");
}
