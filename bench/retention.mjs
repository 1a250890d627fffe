/** Compressing against as many gzips as there are cores, and planning for a volume of 100,000 segments. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { settingsSchema } from "../dist/config/schema.js";
import { createRetention } from "../dist/pipeline/keeping.js";
import { gzipPacker } from "../dist/retention/packing/gzip-file.js";
import { silentTelemetry } from "../dist/telemetry/telemetry.js";
import { lineAt } from "./lines.mjs";
import { compare, inTurns, median, table } from "./pairs.mjs";

export const title =
  "retention: compressing against a gzip -6 on each core, and planning for 100,000 segments";

const DATE = "2026-01-31";
const NOW_MS = Date.parse("2026-02-01T12:00:00Z");
const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

export async function measure({ quick, scratch, say }) {
  await measureCompressing({ quick, scratch, say });
  measurePlanning({ quick, scratch, say });
}

async function measureCompressing({ quick, scratch, say }) {
  const source = join(scratch, "source");
  const files = makeSegments(join(source, "raw/web"), quick ? 6 : 12, quick ? 40_000 : 150_000);
  const bytes = files.reduce((sum, name) => sum + statSync(join(source, "raw/web", name)).size, 0);
  const logDir = join(scratch, "logs");
  const cores = availableParallelism();
  const fresh = () => {
    rmSync(logDir, { recursive: true, force: true });
    cpSync(source, logDir, { recursive: true });
    // Else the first sync of what is measured brings these copies out as well.
    execFileSync("sync");
  };
  const pairs = await inTurns(
    quick ? 3 : 5,
    async () => {
      fresh();
      return timed(() => compressAll(logDir, files.length));
    },
    async () => {
      fresh();
      const input = files.map((name) => join(logDir, "raw/web", name)).join("\n");
      return timed(async () => execFileSync("xargs", ["-P", cores, "-n", "1", "gzip", "-6"], { input }));
    },
  );
  const wall = compare(pairs, "wallS");
  say(
    table(
      [`${files.length} files, ${(bytes / 1e6).toFixed(0)} MB`, "retention", `${cores} x gzip -6`, "ratio"],
      [
        ["wall s", wall.a.toFixed(2), wall.b.toFixed(2), wall.ratio.toFixed(2)],
        ["MB/s", (bytes / 1e6 / wall.a).toFixed(0), (bytes / 1e6 / wall.b).toFixed(0), ""],
      ],
    ),
  );
  say(
    `${gzipPacker.width} files at once on ${cores} cores; each is read back, compared and synced, which gzip does not do`,
  );
}

async function compressAll(logDir, count) {
  const settings = settingsSchema.parse({ logDir });
  const { done } = await createRetention({ settings, telemetry: silentTelemetry() }).run({ nowMs: NOW_MS });
  if (done.length !== count) throw new Error(`${done.length} of ${count} files were compressed`);
}

function makeSegments(folder, count, lines) {
  mkdirSync(folder, { recursive: true });
  const names = [];
  for (let segment = 0; segment < count; segment += 1) {
    const name = `log_${DATE}.${segment + 1}.jsonl`;
    let text = "";
    for (let at = 0; at < lines; at += 1) text += `${lineAt(segment * lines + at)}\n`;
    writeFileSync(join(folder, name), text);
    names.push(name);
  }
  return names;
}

async function timed(work) {
  const start = performance.now();
  await work();
  return { wallS: (performance.now() - start) / 1000 };
}

/** As the command does it, from its start to its end. */
function measurePlanning({ quick, scratch, say }) {
  const logDir = join(scratch, "many");
  const folders = 100;
  const days = quick ? 100 : 1000;
  for (let folder = 0; folder < folders; folder += 1) {
    const path = join(logDir, `raw/app${folder}`);
    mkdirSync(path, { recursive: true });
    for (let day = 0; day < days; day += 1) {
      const file = join(path, `log_${dateBefore(day)}.jsonl.gz`);
      writeFileSync(file, "");
      // Files that were just written to might still grow, and would be looked at again.
      utimesSync(file, 0, 0);
    }
  }
  const policy = "{raw: {delete: never, archive: never}}";
  const run = (...args) => {
    const all = ["retention", "--log-dir", logDir, "--retention", policy, "--now", `${DATE}T12:00Z`, ...args];
    const { stderr, status } = spawnSync("/usr/bin/time", ["-f", "%e %M", process.execPath, main, ...all], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    const [wall, kilobytes] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
    return { wallS: wall, memoryMb: kilobytes / 1024 };
  };
  const cold = run();
  const warm = Array.from({ length: 3 }, () => run("--dry-run"));
  const row = (name, { wallS, memoryMb }) => [name, wallS.toFixed(2), memoryMb.toFixed(0)];
  say(
    table(
      [`${folders * days} segments`, "s", "MB"],
      [
        row("first look, every file", cold),
        row("by the index", {
          wallS: median(warm.map(({ wallS }) => wallS)),
          memoryMb: median(warm.map(({ memoryMb }) => memoryMb)),
        }),
      ],
    ),
  );
}

function dateBefore(days) {
  return new Date(Date.parse(`${DATE}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}
