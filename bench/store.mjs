/** What the store takes: appending entries to a few series, with a commit now and then. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Calendar } from "../dist/core/calendar.js";
import { Store } from "../dist/store/store.js";
import { silentTelemetry } from "../dist/telemetry/telemetry.js";
import { lineAt } from "./lines.mjs";
import { median, table } from "./pairs.mjs";

export const title = "store: entries of some 210 bytes into four series";

export async function measure({ quick, scratch, say }) {
  const count = quick ? 200_000 : 1_000_000;
  const rows = [];
  for (const commits of [0, 10, 100]) {
    const runs = [];
    for (let round = 0; round < 3; round += 1) runs.push(await once(join(scratch, "store"), count, commits));
    const ns = median(runs.map(({ cpuS }) => (cpuS * 1e9) / count));
    const mbS = median(runs.map(({ bytes, wallS }) => bytes / 1e6 / wallS));
    rows.push([`${commits} commits on the way`, ns.toFixed(0), mbS.toFixed(0)]);
  }
  say(table([`${count} entries`, "ns CPU an entry", "MB/s"], rows));
}

async function once(logDir, count, commits) {
  rmSync(logDir, { recursive: true, force: true });
  const entries = Array.from({ length: 1000 }, (_, index) => lineAt(index));
  const store = await Store.open({
    logDir,
    calendar: new Calendar("UTC"),
    segmentSizeBytes: 64e6,
    batchSize: Number.MAX_SAFE_INTEGER,
    flushIntervalMs: 3_600_000,
    bufferLimitBytes: 512e6,
    telemetry: silentTelemetry(),
  });
  const series = ["a", "b", "c", "d"].map((name) =>
    store.series({
      category: "raw",
      folder: `raw/${name}`,
      stem: "log",
      date: "2026-01-31",
      extension: ".jsonl",
      header: "",
    }),
  );
  const every = Math.ceil(count / (commits + 1));
  let bytes = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let at = 0; at < count; at += 1) {
    const entry = entries[at % 1000];
    bytes += entry.length;
    series[at % 4].append(entry, 1);
    if (at % 300 === 299) {
      await store.room();
      // Batches come with the event loop's turns.
      await new Promise(setImmediate);
    }
    if (at % every === every - 1 && at < count - 1) await store.commit();
  }
  await store.close();
  const { user, system } = process.cpuUsage(cpu);
  return { bytes, wallS: (performance.now() - start) / 1000, cpuS: (user + system) / 1e6 };
}
