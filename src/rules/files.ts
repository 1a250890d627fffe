import type { Stats } from "node:fs";
import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { causeText, SidecarError, systemCode } from "../core/errors.js";

/** A rule file is read by people; anything larger is something else that was mounted by mistake. */
const FILE_LIMIT_BYTES = 1024 * 1024;
const FILES_LIMIT = 20_000;
const DEPTH_LIMIT = 16;

/** A rule file as it was found. */
export interface RuleFile {
  /** The path to show and to open: the folder as it was given, and the name below it. */
  readonly path: string;
  /** Changes when the file is written, replaced, or another file takes its name. */
  readonly stamp: string;
  /** Last change of its content or name, milliseconds since 1970. */
  readonly changedMs: number;
  readonly sizeBytes: number;
  /** Why it cannot be read, where that is seen without opening it: a FIFO would never answer. */
  readonly fault?: string;
}

/** What the setting names: a folder or a file, or several with colons between (`/app/rules:/app/rules.d`). */
export function ruleFolders(dir: string): string[] {
  return dir.split(":").filter((folder) => folder !== "");
}

/**
 * The `*.yaml` and `*.yml` files of the folders and their sub-folders in name order, and files that are named themselves. Of files with one name below
 * two folders the later folder's counts: so a mounted folder adds to the shipped rules or takes their place.
 * @throws SidecarError RULES_INVALID when a folder itself cannot be read.
 */
export async function listRuleFiles(dir: string): Promise<RuleFile[]> {
  const byName = new Map<string, RuleFile>();
  for (const folder of ruleFolders(dir)) {
    for (const file of await listFolder(folder)) {
      byName.set(relative(folder, file.path) || basename(folder), file);
    }
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

/** Those of the folders that hold no rule file at all. */
export async function emptyRuleFolders(dir: string): Promise<string[]> {
  const empty: string[] = [];
  for (const folder of ruleFolders(dir)) if ((await listFolder(folder)).length === 0) empty.push(folder);
  return empty;
}

/** Links are followed (mounted folders are made of them); hidden names and what editors leave beside a file are left out. */
async function listFolder(dir: string): Promise<RuleFile[]> {
  const found: RuleFile[] = [];
  try {
    const status = await stat(dir);
    if (status.isFile()) return [fileOf(dir, status)];
    await walk(dir, [], found);
  } catch (cause) {
    if (cause instanceof SidecarError) throw cause;
    const absent = systemCode(cause) === "ENOENT" || systemCode(cause) === "ENOTDIR";
    throw new SidecarError("RULES_INVALID", `The rules folder ${dir} cannot be read`, {
      cause,
      remedy: absent
        ? "Mount a folder of rules there, or name another, or a rule file, with SIDECAR_RULES_DIR."
        : "Let the sidecar's user read the folder.",
    });
  }
  return found;
}

async function walk(dir: string, above: readonly string[], found: RuleFile[]): Promise<void> {
  const real = await realpath(dir);
  if (above.includes(real) || above.length >= DEPTH_LIMIT) return;
  for (const name of await readdir(dir)) {
    if (/^[.#]/.test(name)) continue;
    const path = join(dir, name);
    const isRule = /\.ya?ml$/i.test(name);
    const status = await statOrNothing(path, isRule);
    if (status?.isDirectory()) await walk(path, [...above, real], found);
    else if (status !== undefined && isRule) {
      found.push(fileOf(path, status));
      if (found.length > FILES_LIMIT) {
        throw new SidecarError("RULES_INVALID", `The rules folder holds more than ${FILES_LIMIT} files`, {
          remedy: "Name the folder that holds the rules alone with SIDECAR_RULES_DIR.",
        });
      }
    }
  }
}

function fileOf(path: string, status: Stats): RuleFile {
  const changedMs = Math.max(status.mtimeMs, status.ctimeMs);
  const fault = faultOf(status);
  const file = { path, stamp: stampOf(path, status), changedMs, sizeBytes: status.size };
  return fault === undefined ? file : { ...file, fault };
}

function faultOf(status: Stats): string | undefined {
  if (status.isSymbolicLink()) return "the link leads nowhere";
  return status.isFile() ? undefined : "this is no file, but a pipe, a socket or a device";
}

/**
 * What cannot be looked at is none of ours, unless it is named like a rule file: then it counts as a file that cannot be read.
 * The link itself where it leads nowhere; undefined for what is gone since the folder was listed.
 */
async function statOrNothing(path: string, isRule: boolean): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (cause) {
    if (!isRule) return undefined;
    if (systemCode(cause) !== "ENOENT") throw cause;
    return lstat(path).catch(() => undefined);
  }
}

function stampOf(path: string, status: Stats): string {
  return `${path} ${status.ino} ${status.size} ${status.mtimeMs} ${status.ctimeMs}`;
}

/** The text of a rule file, or the words that say why there is none. */
export async function readRuleFile(
  file: RuleFile,
): Promise<{ text: string; sizeBytes: number } | { fault: string }> {
  if (file.fault !== undefined) return { fault: file.fault };
  if (file.sizeBytes > FILE_LIMIT_BYTES) {
    return { fault: `the file has ${file.sizeBytes} bytes; a rule file may have ${FILE_LIMIT_BYTES}` };
  }
  try {
    const bytes = await readFile(file.path);
    if (bytes.length > FILE_LIMIT_BYTES) {
      return { fault: `the file has ${bytes.length} bytes; a rule file may have ${FILE_LIMIT_BYTES}` };
    }
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), sizeBytes: bytes.length };
  } catch (cause) {
    if (cause instanceof TypeError) return { fault: "the file is not UTF-8 text" };
    return { fault: `the file cannot be read: ${causeText(cause)}` };
  }
}
