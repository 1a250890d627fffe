/** Looking for a word that stands once in many records: against grep, against zgrep where they are compressed, and with indexes. */
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, cpSync, mkdirSync, openSync, readdirSync, writeSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { IndexKeeper } from "../dist/search/index/keeper.js";
import { compileQuery } from "../dist/search/query.js";
import { search } from "../dist/search/search.js";
import { silentTelemetry } from "../dist/telemetry/telemetry.js";
import { lineAt } from "./lines.mjs";
import { compare, inTurns, table } from "./pairs.mjs";

export const title = "search: a word that stands once, against grep -F and zgrep -F on the same files";

const WORD = "xylophone";
const SEGMENT_BYTES = 64 * 1024 * 1024;
const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

export async function measure({ quick, scratch, say }) {
  const plain = join(scratch, "plain");
  const packed = join(scratch, "packed");
  const folder = "raw/api";
  makeSegments(join(plain, folder), quick ? 4 : 16);
  cpSync(plain, packed, { recursive: true });
  const files = readdirSync(join(packed, folder)).map((name) => join(packed, folder, name));
  execFileSync("xargs", ["-P", availableParallelism(), "-n", "1", "gzip", "-6"], { input: files.join("\n") });
  const rounds = quick ? 3 : 7;
  const rows = [];
  const against = async (name, logDir, program, args) => {
    // What both read stands in memory, as that of the last day does.
    run(program, args);
    const ours = async () => run(process.execPath, [main, "search", WORD, "--log-dir", logDir]);
    const pairs = await inTurns(rounds, ours, async () => run(program, args));
    rows.push(rowOf(name, pairs, "cpuS"), rowOf("", pairs, "wallS"));
    return Math.max(...pairs.map(({ a }) => a.memoryMb));
  };
  const grep = ["-rF", WORD, plain];
  const memoryPlain = await against("plain, grep -F", plain, "grep", grep);
  const zgrep = ["-F", WORD, ...files.map((file) => `${file}.gz`)];
  const memoryPacked = await against("compressed, zgrep -F", packed, "zgrep", zgrep);
  await makeIndexes(plain);
  const pairs = await inTurns(
    rounds,
    () => searchHere(plain),
    async () => run("grep", grep),
  );
  rows.push(rowOf("by indexes, grep -F", pairs, "wallS"));
  say(table([`${quick ? 256 : 1024} MB of records`, "", "search s", "other s", "ratio"], rows));
  say(
    `the command from its start to its end, in ${memoryPlain.toFixed(0)} MB, compressed ${memoryPacked.toFixed(0)} MB; by indexes as the running sidecar answers it`,
  );
}

const FIGURES = { cpuS: "CPU", wallS: "wall" };

function rowOf(name, pairs, figure) {
  const { a, b, ratio } = compare(pairs, figure);
  return [name, FIGURES[figure], a.toFixed(3), b.toFixed(3), ratio.toFixed(2)];
}

/** Of a program that finds the word: seconds, and the most memory it had. */
function run(program, args) {
  const { stdout, stderr, error } = spawnSync("/usr/bin/time", ["-f", "%e %U %S %M", program, ...args], {
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  if (!stdout.includes(WORD)) throw new Error(`${program} found nothing: ${stderr}`);
  const [wallS, user, system, kilobytes] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return { wallS, cpuS: user + system, memoryMb: kilobytes / 1024 };
}

async function searchHere(logDir) {
  const start = performance.now();
  let found = 0;
  const request = { logDir, categories: ["raw"], limit: 100, query: compileQuery({ words: WORD }) };
  for await (const _ of search({ ...request, signal: new AbortController().signal })) found += 1;
  if (found !== 1) throw new Error(`the search found ${found} records`);
  return { wallS: (performance.now() - start) / 1000 };
}

function makeIndexes(logDir) {
  const telemetry = silentTelemetry();
  return new IndexKeeper({ logDir, telemetry, openPaths: () => new Set(), hasRoom: () => true }).look();
}

/** Segments of one day as raw has them; the word stands in the middle of the middle one. */
function makeSegments(folder, count) {
  mkdirSync(folder, { recursive: true });
  let index = 0;
  for (let segment = 0; segment < count; segment += 1) {
    const file = openSync(join(folder, `log_2026-01-31.${segment + 1}.jsonl`), "w");
    let isPlaced = segment !== count >> 1;
    for (let bytes = 0; bytes < SEGMENT_BYTES; ) {
      let text = "";
      for (const end = index + 1000; index < end; index += 1) text += storedLine(index, "done");
      if (!isPlaced && bytes > SEGMENT_BYTES / 2) {
        text += storedLine(index, WORD);
        isPlaced = true;
      }
      bytes += writeSync(file, text);
    }
    closeSync(file);
  }
}

function storedLine(index, message) {
  const ts = `${new Date(Date.UTC(2026, 0, 31) + index * 7).toISOString().slice(0, -1)}000000Z`;
  const front = `"ts":"${ts}","level":"info","component":"api","message":"${message}"`;
  return `{${front},"container":"api-1","stream":"stdout","data":${lineAt(index).trimEnd()}}\n`;
}
