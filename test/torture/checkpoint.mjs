/** What the last commit says; src/store/checkpoint.ts writes it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { filesBelow } from "./volume.mjs";

/**
 * @param {string} logDir
 * @returns {Promise<any>}
 */
export async function readCheckpoint(logDir) {
  const { body } = JSON.parse(await readFile(join(logDir, ".sidecar/checkpoint.json"), "utf8"));
  return body;
}

/**
 * Whether a raw segment and a training file of that date look sealed, and as of which commit; two commits later they are.
 * @returns {Promise<{ serial: number, looks: boolean }>}
 */
export async function looksSealed(logDir, date) {
  // Before the first commit there is none.
  const body = await readCheckpoint(logDir).catch(() => undefined);
  if (body === undefined) return { serial: 0, looks: false };
  const { serial, segments, staged } = body;
  const isOpen = new Set([
    ...segments.map(({ path }) => path),
    ...staged.map(({ spec, part }) => `${spec.folder}/${spec.stem}_${spec.date}_${part}${spec.extension}`),
  ]);
  const sealed = (await filesBelow(logDir)).filter((path) => path.includes(`_${date}`) && !isOpen.has(path));
  const has = (pattern) => sealed.some((path) => pattern.test(path));
  return { serial, looks: has(/^raw\/.*\.jsonl$/) && has(/^training\/.*\.(npz|pkl)$/) };
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
