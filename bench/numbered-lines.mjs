/** What of numbered lines stands in a log that was fetched, and in the sidecar's files. */
import { closeSync, createReadStream, existsSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Of a log as the engine sends it. */
export async function numbersIn(path) {
  const numbers = new Set();
  let rest = "";
  for await (const chunk of createReadStream(path, "latin1")) {
    const text = rest + chunk;
    for (const [, n] of text.matchAll(/\{"n":(\d+),/g)) numbers.add(Number(n));
    rest = text.slice(-20);
  }
  return numbers;
}

/**
 * What the sidecar made of the container: its numbers, how many came twice or behind a later one, the gaps it told, and how many lines
 * of all `count` are missing where it told none.
 */
export async function storedIn(logDir, count) {
  const stored = { numbers: new Set(), doubled: 0, disordered: 0, gaps: 0, untold: 0 };
  let highest = 0;
  let told = false;
  let missedFirst = 0;
  let toldFirst = false;
  for (const path of rawFiles(logDir)) {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      if (line.includes("log_sidecar.gap")) {
        stored.gaps += 1;
        told = true;
        toldFirst ||= line.includes("for the first time");
      }
      const n = Number(/"n":(\d+)/.exec(line)?.[1] ?? 0);
      if (n === 0) continue;
      if (stored.numbers.has(n)) stored.doubled += 1;
      else if (n < highest) stored.disordered += 1;
      // What was gone before the first look can only be told behind it.
      if (highest === 0) missedFirst = n - 1;
      else if (n > highest + 1 && !told) stored.untold += n - highest - 1;
      told = false;
      stored.numbers.add(n);
      highest = Math.max(highest, n);
    }
  }
  if (!told) stored.untold += count - highest;
  if (!toldFirst) stored.untold += missedFirst;
  return stored;
}

/** Whether a text stands at the end of a raw file. */
export function endsWith(logDir, text) {
  return rawFiles(logDir).some((path) => tailOf(path).includes(text));
}

/** In the order in which they were begun. */
function rawFiles(logDir) {
  const folder = join(logDir, "raw");
  if (!existsSync(folder)) return [];
  const turn = (path) => Number(/\.(\d+)\.jsonl$/.exec(path)?.[1] ?? 0);
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".jsonl"))
    .sort((a, b) => turn(a) - turn(b))
    .map((name) => join(folder, name));
}

function tailOf(path) {
  const file = openSync(path, "r");
  const buffer = Buffer.alloc(1000);
  const { size } = fstatSync(file);
  const read = readSync(file, buffer, 0, buffer.length, Math.max(0, size - buffer.length));
  closeSync(file);
  return buffer.toString("latin1", 0, read);
}
