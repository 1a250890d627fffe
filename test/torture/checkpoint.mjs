/** What the last commit says; src/store/checkpoint.ts writes it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * @param {string} logDir
 * @returns {Promise<any>}
 */
export async function readCheckpoint(logDir) {
  const { body } = JSON.parse(await readFile(join(logDir, ".sidecar/checkpoint.json"), "utf8"));
  return body;
}

/**
 * Samples that are committed and not in a training file yet, read from what src/categories/sample.ts wrote: a line with the schema,
 * then `[ts, features, label, fields, …]` a sample, and objects between them that tell of refused lines.
 * @param {string} logDir
 * @returns {Promise<{ file: string, ts: string, id: string, features: number[], label: number }[]>}
 */
export async function stagedSamples(logDir) {
  const samples = [];
  for (const { path, length } of (await readCheckpoint(logDir)).staged) {
    const bytes = await readFile(join(logDir, path));
    const [, ...lines] = bytes.toString("utf8", 0, length).trimEnd().split("\n");
    for (const line of lines) {
      if (line.startsWith("{")) continue;
      const [ts, features, label, [id]] = JSON.parse(line);
      samples.push({ file: path, ts, id, features, label });
    }
  }
  return samples;
}
