import fc from "fast-check";
import { expect, it } from "vitest";
import type { Appender } from "../../src/core/segment.js";
import { Store } from "../../src/store/store.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { MemoryDisk, seededRandom } from "./memory-disk.js";

/** One run of the sidecar: what it does, and how it ends. */
interface Life {
  readonly steps: readonly Step[];
  /** Operations of the disk until the end. */
  readonly operations: number;
  readonly end: "kill" | "power";
  /** Somebody spoils the checkpoint before the next start. */
  readonly spoil: boolean;
  /** Of a thousand operations so many are refused. */
  readonly refusals: number;
}

type Step =
  | { readonly kind: "append"; readonly name: string; readonly count: number; readonly header: number }
  | { readonly kind: "flush" | "commit" | "commitLater" | "seal" | "rest" };

/** Two tables of one name whose columns differ: each has files of its own. */
const TABLES = ["csv0", "csv1"];
const SERIES = ["a", "b", ...TABLES];
const DATASETS = ["d", "e"];
const DATE = "2026-01-31";

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      name: fc.constantFrom(...SERIES, ...DATASETS),
      count: fc.integer({ min: 1, max: 6 }),
      header: fc.integer({ min: 0, max: 1 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "flush" as const,
        "commit" as const,
        "commitLater" as const,
        "seal" as const,
        "rest" as const,
      ),
    }),
  },
);
const life = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 25 }),
  operations: fc.integer({ min: 0, max: 400 }),
  end: fc.constantFrom("kill" as const, "power" as const),
  spoil: fc.boolean(),
  refusals: fc.constantFrom(0, 0, 0, 20),
});

const FOREIGN: readonly (readonly [string, string])[] = [
  ["raw/a/log_2026-01-31.jsonl", "somebody else's\n"],
  ["archive/raw/a/log_2026-01-31.1.jsonl.gz", "compressed"],
  ["training/d/d_2026-01-31_1.npz", "older samples"],
];

/** What was appended, by series, and what a commit has promised to keep. */
class Model {
  readonly entries = new Map<string, string[]>([...SERIES, ...DATASETS].map((name) => [name, []]));
  /** Counts at the last commits that were acknowledged, the latest first. */
  promised: Record<string, number>[] = [{}, {}];
  next = 0;

  counts(): Record<string, number> {
    return Object.fromEntries([...this.entries].map(([name, entries]) => [name, entries.length]));
  }

  promise(counts: Record<string, number>): void {
    this.promised = [counts, this.promised[0] ?? {}];
  }

  /** A new life begins at what was restored. */
  restart(counts: Record<string, number>): void {
    for (const [name, entries] of this.entries) entries.length = counts[name] ?? 0;
    this.promised = [counts, counts];
  }
}

function open(disk: MemoryDisk): Promise<Store> {
  const options = {
    logDir: "/",
    calendar: { endOfDateMs: () => Number.POSITIVE_INFINITY },
    segmentSizeBytes: 100,
    batchSize: 50,
    flushIntervalMs: 60_000,
    bufferLimitBytes: 1e6,
    stagedMaxEntries: 5,
    telemetry: silentTelemetry(),
  };
  return Store.open(options, { disk, takeVolume: async () => ({ release: async () => undefined }) });
}

/** Long enough to be torn. */
function manifestFor(text: string): string {
  return `${text.length} ${text.slice(0, 100)}`;
}

function appenderFor(store: Store, disk: MemoryDisk, name: string, header: number): Appender {
  const place = { stem: name, date: DATE };
  if (DATASETS.includes(name)) {
    const spec = {
      ...place,
      category: "training",
      folder: `training/${name}`,
      extension: ".npz",
      header: `#${header}\n`,
    } as const;
    return store.staged(spec, async (source, target) => {
      const text = (await disk.read(source)) ?? "missing";
      await disk.writeWhole(target, text);
      return manifestFor(text);
    });
  }
  if (TABLES.includes(name)) {
    return store.series({
      stem: "csv",
      date: DATE,
      category: "summary",
      folder: "summary/csv",
      extension: ".csv",
      header: `#${name}\n`,
    });
  }
  return store.series({
    ...place,
    category: "raw",
    folder: `raw/${name}`,
    stem: "log",
    extension: ".jsonl",
    header: "",
  });
}

async function take(step: Step, store: Store, disk: MemoryDisk, model: Model): Promise<void> {
  if (step.kind === "append") {
    const appender = appenderFor(store, disk, step.name, step.header);
    for (let i = 0; i < step.count; i++) {
      const entry = `${step.name} ${model.next++} ${"é".repeat(model.next % 7)}\n`;
      model.entries.get(step.name)?.push(entry);
      appender.append(entry, 1);
    }
    return;
  }
  if (step.kind === "flush") return store.flush();
  if (step.kind === "rest") for (let i = 0; i < 10; i++) await new Promise(setImmediate);
  const counts = model.counts();
  if (step.kind === "commit") await store.commit();
  if (step.kind === "seal") await store.sealStaged();
  // Not waited for: what comes next is appended while it runs.
  if (step.kind === "commitLater") void store.commit();
  if (step.kind === "commit" || step.kind === "seal") model.promise(counts);
}

/** All entries of a series as the files hold them, in the order of the files. */
function entriesIn(files: ReadonlyMap<string, string>, name: string): string[] {
  const found: [number, string][] = [];
  const stem = TABLES.includes(name) ? "csv" : name;
  for (const [path, text] of files) {
    if (FOREIGN.some(([foreign]) => foreign === path)) continue;
    if (TABLES.includes(name) && !text.startsWith(`#${name}\n`)) continue;
    const match = new RegExp(
      `^(?:raw|summary|training|\\.sidecar/staged)(?:/${stem})?/(?:log|${stem})_${DATE}[._]?(\\d*)\\.(?:jsonl|csv|npz)`,
    ).exec(path);
    const isOther = path.startsWith("raw/") && !path.startsWith(`raw/${name}/`);
    if (match !== null && !isOther) found.push([Number(match[1]), text]);
  }
  found.sort(([a], [b]) => a - b);
  return found.flatMap(([, text]) => text.split(/(?<=\n)/).filter((line) => !line.startsWith("#")));
}

function check(files: ReadonlyMap<string, string>, model: Model): void {
  for (const [name, entries] of model.entries) expect(entriesIn(files, name).join("")).toBe(entries.join(""));
  for (const [path, text] of FOREIGN) expect(files.get(path)).toBe(text);
  for (const [path, text] of files) {
    if (!path.startsWith("training/") || FOREIGN.some(([foreign]) => foreign === path)) continue;
    // A file and its manifest are there together, and speak of each other.
    if (path.endsWith(".npz")) expect(files.get(path.replace(".npz", ".json"))).toBe(manifestFor(text));
    else expect([...files.keys()]).toContain(path.replace(".json", ".npz"));
  }
}

async function live({ steps, operations, refusals }: Life, disk: MemoryDisk, model: Model): Promise<void> {
  const crash = disk.crashAfter(operations);
  const refuse = () =>
    disk.random() * 1000 < refusals ? (disk.random() < 0.5 ? "ENOSPC" : "EIO") : undefined;
  const run = async () => {
    disk.refuse = refuse;
    const store = await open(disk);
    store.register({ name: "model", snapshot: () => JSON.stringify(model.counts()) });
    for (const step of steps) {
      // Steps that don't ask the disk would go on after the end and change the model behind the next start's back.
      if (disk.isCrashed) return;
      await take(step, store, disk, model);
    }
  };
  await Promise.race([crash, run()]);
}

/** Starts once more and compares; what is not restored has to be appended again. */
async function recover(
  disk: MemoryDisk,
  model: Model,
  promised: Record<string, number>,
): Promise<MemoryDisk> {
  const store = await open(disk);
  const counts = (store.restored("model") ?? {}) as Record<string, number>;
  for (const [name, count] of Object.entries(promised)) expect(counts[name]).toBeGreaterThanOrEqual(count);
  model.restart(counts);
  check(disk.files(), model);
  return disk.afterKill();
}

function spoilCheckpoint(disk: MemoryDisk): boolean {
  const files = disk.files();
  const text = files.get(".sidecar/checkpoint.json");
  if (text === undefined || !files.has(".sidecar/checkpoint.previous.json")) return false;
  disk.plant(".sidecar/checkpoint.json", text.replace('"serial":', '"serial":1'));
  return true;
}

it("is at the last commit after each kind of end, at each moment, and nothing is twice or missing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 4 }), fc.integer(), async (lives, seed) => {
      const model = new Model();
      let disk = new MemoryDisk(seededRandom(seed));
      for (const [path, text] of FOREIGN) disk.plant(path, text);
      for (const each of lives) {
        await live(each, disk, model);
        disk = each.end === "kill" ? disk.afterKill() : disk.afterPowerLoss();
        const isSpoiled = each.spoil && spoilCheckpoint(disk);
        disk = await recover(disk, model, model.promised[isSpoiled ? 1 : 0] ?? {});
      }
      const store = await open(disk);
      store.register({ name: "model", snapshot: () => JSON.stringify(model.counts()) });
      for (const name of [...SERIES, ...DATASETS])
        await take({ kind: "append", name, count: 3, header: 0 }, store, disk, model);
      await store.close();
      // What was staged is finished; it is removed with the second commit from here.
      const files = [...disk.files()].filter(([path]) => !path.startsWith(".sidecar/staged/"));
      check(new Map(files), model);
    }),
    { numRuns: Number(process.env["SIDECAR_TEST_RUNS"] ?? 150) },
  );
}, 120_000);
