import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Manifest } from "../categories/manifest.js";
import { systemCode } from "../core/errors.js";
import { manifestOf } from "../core/segment.js";
import { locateTrainingFile, type TrainingFile } from "../reading/training-files.js";

/** What stands beside a sealed training file; undefined where there is none that can be read. */
export async function readManifest(
  logDir: string,
  file: TrainingFile,
): Promise<Partial<Manifest> | undefined> {
  const path = await locateTrainingFile(logDir, file);
  return path === undefined ? undefined : parseManifest(await readText(join(logDir, manifestOf(path))));
}

/** Whether something stands under the name that is no manifest. */
export async function isForeign(path: string): Promise<boolean> {
  const text = await readText(path);
  return text !== undefined && parseManifest(text) === undefined;
}

function parseManifest(text: string | undefined): Partial<Manifest> | undefined {
  try {
    const value = JSON.parse(text ?? "null") as Partial<Manifest> | null;
    return value?.manifest === 1 ? value : undefined;
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return undefined;
    throw cause;
  }
}
