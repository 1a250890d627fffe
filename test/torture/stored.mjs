/** Reads what stands in the log volume, file by file in the order in which it was written. */
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { findPython } from "../../scripts/programs.mjs";
import { filesBelow } from "./volume.mjs";

const reader = fileURLToPath(new URL("training.py", import.meta.url));

/**
 * Where an entry stands.
 * @typedef {{ file: string, line: number, series: string }} Place
 */

/**
 * Records of raw or tagged. Throws for a line that is no JSON.
 * @param {string} logDir
 * @param {"raw" | "tagged"} category
 * @returns {AsyncGenerator<{ record: Record<string, unknown>, place: Place }>}
 */
export async function* storedRecords(logDir, category) {
  for (const { path, series, text } of await filesByTurn(logDir, category)) {
    const lines = wholeLines(path, await text());
    for (const [index, line] of lines.entries())
      yield { record: parse(line, `${path}:${index + 1}`), place: { file: path, line: index + 1, series } };
  }
}

/**
 * Where the files of a category are, each once.
 * @param {string} logDir
 * @param {"raw" | "tagged"} category
 * @returns {Promise<string[]>} below the log folder
 */
export async function storedPaths(logDir, category) {
  return [...(await filesOnce(logDir, category)).values()];
}

/**
 * Rows of the tables. Throws where a file's header is not there, or is there twice.
 * @param {string} logDir
 * @param {string} header
 * @returns {AsyncGenerator<{ row: string[], place: Place }>}
 */
export async function* storedRows(logDir, header) {
  for (const { path, series, text } of await filesByTurn(logDir, "summary")) {
    const content = await text();
    if (!content.endsWith("\n")) throw new Error(`${path} ends in the middle of a row`);
    const [first, ...rows] = csvRows(content);
    if (first?.join(",") !== header) throw new Error(`${path} begins with ${first} instead of ${header}`);
    for (const [index, row] of rows.entries()) {
      if (row.join(",") === header) throw new Error(`${path} has its header again, in row ${index + 2}`);
      yield { row, place: { file: path, line: index + 2, series } };
    }
  }
}

/**
 * Samples of all training files, read by Python. Throws when a file does not open.
 * @param {string} logDir
 * @returns {{ file: string, id: string, features: number[], label: number, time: string }[]}
 */
export function storedSamples(logDir) {
  const python = findPython();
  if (python === undefined) throw new Error("no Python 3 with numpy is installed");
  const done = spawnSync(python, [reader, logDir], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (done.status !== 0) throw new Error(`a training file does not open: ${done.stderr}`);
  return JSON.parse(done.stdout).map(([file, id, features, label, time]) => ({
    file,
    id,
    features,
    label,
    time,
  }));
}

/** RFC 4180. */
export function csvRows(text) {
  const rows = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  let row = [];
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const found = cell.exec(text);
    if (found === null) throw new Error(`no CSV at character ${at}: ${text.slice(at, at + 80)}`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2]);
    if (found[3] === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/**
 * `log_2026-01-31.2.jsonl` comes behind `log_2026-01-31.jsonl` and before `log_2026-01-31.10.jsonl`, wherever they are and whether
 * they are compressed or not.
 */
async function filesByTurn(logDir, category) {
  const files = [...(await filesOnce(logDir, category))].map(([name, path]) => {
    const [, series = name, part = "0"] = /^(.*?_\d{4}-\d\d-\d\d)(?:\.(\d+))?\.\w+$/.exec(name) ?? [];
    return { path, series, part: Number(part), text: () => contentOf(logDir, path) };
  });
  return files.sort((a, b) => (a.series === b.series ? a.part - b.part : a.series < b.series ? -1 : 1));
}

/**
 * By a file's name in its category, without `.gz`, the path below the log folder where it stands. Throws where it stands twice with
 * two contents; a compressed file and what it was made of may stand side by side until retention runs again.
 */
async function filesOnce(logDir, category) {
  const paths = new Map();
  for (const top of [category, `archive/${category}`]) {
    for (const each of await filesBelow(join(logDir, top))) {
      const name = each.replace(/\.gz$/, "");
      const path = `${top}/${each}`;
      const other = paths.get(name);
      if (other !== undefined && (await contentOf(logDir, path)) !== (await contentOf(logDir, other)))
        throw new Error(`${path} and ${other} hold two contents`);
      paths.set(name, path);
    }
  }
  return paths;
}

async function contentOf(logDir, path) {
  const bytes = await readFile(join(logDir, path));
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

function wholeLines(path, text) {
  if (text === "") return [];
  if (!text.endsWith("\n")) throw new Error(`${path} ends in the middle of a line`);
  return text.slice(0, -1).split("\n");
}

function parse(line, place) {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${place} is not JSON: ${line.slice(0, 200)}`, { cause });
  }
}
