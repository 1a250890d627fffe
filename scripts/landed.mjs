/** What has landed in a log folder, as a table: category, file, how much is in it, bytes. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { unzipSync } from "fflate";

const units = { ".jsonl": "lines", ".csv": "rows", ".npz": "samples", ".pkl": "samples" };

/** The files written since `sinceMs` in the order of their paths; samples not sealed yet come last. */
export function landedFiles(logDir, sinceMs) {
  const files = filesBelow(logDir, sinceMs, "");
  const names = new Set(files.map(({ file }) => basename(file)));
  // A staged file stays for a while after the file that was made of it: `name.npz.<hash>`.
  const staged = filesBelow(logDir, sinceMs, ".sidecar/staged");
  return [...files, ...staged.filter(({ file }) => !names.has(basename(file).replace(/\.\w+$/, "")))];
}

function filesBelow(logDir, sinceMs, folder) {
  const path = join(logDir, folder);
  if (!existsSync(path)) return [];
  const found = [];
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const name = join(folder, entry.name);
    // A manifest speaks of the file beside it.
    if (category(name) === "training" && name.endsWith(".json")) continue;
    // The sidecar's own folder is asked for by name.
    if (entry.isDirectory())
      found.push(...(entry.name === ".sidecar" ? [] : filesBelow(logDir, sinceMs, name)));
    else if (statSync(join(logDir, name)).mtimeMs >= sinceMs) found.push(describe(logDir, name));
  }
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}

function describe(logDir, file) {
  const bytes = readFileSync(join(logDir, file));
  const waits = file.startsWith(".sidecar/");
  const extension = /\.(jsonl|csv|npz|pkl)(?=$|\.)/.exec(file)?.[0] ?? "";
  const count = waits ? stagedSamples(bytes) : entries(bytes, extension);
  const unit = units[extension] ?? "";
  return {
    category: waits ? "training" : category(file),
    file,
    count,
    unit: waits ? "samples, not sealed yet" : unit,
    bytes: bytes.length,
  };
}

function category(file) {
  return file.split("/")[0];
}

function entries(bytes, extension) {
  if (extension === ".jsonl") return lines(bytes);
  if (extension === ".csv") return Math.max(0, lines(bytes) - 1);
  return extension === ".npz" ? samples(bytes) : undefined;
}

/** Behind the schema each sample is a line with an array; what is an object is none. */
function stagedSamples(bytes) {
  return bytes.toString("latin1").split("\n[").length - 1;
}

function lines(bytes) {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

/** The first number of the shape of `features` (NumPy's format document, NEP 1). */
function samples(bytes) {
  const array = unzipSync(bytes, { filter: (entry) => entry.name === "features.npy" })["features.npy"];
  const header = Buffer.from(array ?? []).toString("latin1", 0, 256);
  const rows = /'shape': \((\d+),/.exec(header)?.[1];
  return rows === undefined ? undefined : Number(rows);
}

/** The table as lines of text, no wider than needed; beyond `limit` files the rest is one line. */
export function tableOf(files, limit = Number.POSITIVE_INFINITY) {
  if (files.length === 0) return ["nothing yet"];
  const shown = files.slice(0, limit);
  const rows = shown.map((file) => [
    file.category,
    file.file,
    `${file.count ?? "?"} ${file.unit}`,
    `${file.bytes} bytes`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const text = rows.map(([category, file, count, bytes]) =>
    [category.padEnd(widths[0]), file.padEnd(widths[1]), count.padEnd(widths[2]), bytes].join("  "),
  );
  if (files.length > shown.length) text.push(`… and ${files.length - shown.length} more files`);
  return text;
}
