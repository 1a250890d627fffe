import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DataFile } from "../../src/retention/data-file.js";
import { planEmergency } from "../../src/retention/emergency.js";
import type { EmergencyRequest } from "../../src/retention/emergency-request.js";
import { obstacleText } from "../../src/retention/obstacles.js";
import { dayFrom } from "../../src/retention/sacrifice.js";
import { dataFile } from "./files.js";

const TODAY = "2026-06-30";
const RATIOS = { raw: 0.1, summary: 0.2, training: 0.5, tagged: 0.1 };

/** A disk of 100 MB with 90 MB in use. */
function request(files: readonly DataFile[], rest: Partial<EmergencyRequest> = {}): EmergencyRequest {
  return {
    files,
    openPaths: new Set(),
    today: TODAY,
    disk: { sizeBytes: 100e6, freeBytes: 10e6 },
    targetPercent: 80,
    maxSizeBytes: undefined,
    floorDays: 1,
    include: new Set(),
    ratios: RATIOS,
    noRoom: false,
    failed: new Map(),
    ...rest,
  };
}

function planOf(files: readonly DataFile[], rest: Partial<EmergencyRequest> = {}): string[] {
  return planEmergency(request(files, rest)).work.map(({ file, steps }) => `${steps} ${file.path}`);
}

const ago = (days: number) => dayFrom(TODAY, -days);
const MB = 1e6;
/** One file of each place, in the order of sacrifice. */
const SACRIFICED = [
  `archive/raw/web/log_${ago(6)}.jsonl.gz`,
  `archive/raw/web/log_${ago(5)}.jsonl.gz`,
  `raw/web/log_${ago(4)}.jsonl.gz`,
  `raw/api/log_${ago(3)}.jsonl.gz`,
  `archive/summary/t/t_${ago(80)}.csv.gz`,
  `summary/t/t_${ago(20)}.csv.gz`,
];
const EXTRA = [
  `archive/training/q/q_${ago(200)}_1.npz`,
  `training/q/q_${ago(20)}_1.npz`,
  `archive/tagged/400d/events_${ago(390)}.jsonl.gz`,
  `tagged/90d/events_${ago(20)}.jsonl.gz`,
];
const NEVER = [
  `tagged/permanent/events_${ago(900)}.jsonl.gz`,
  `archive/tagged/audit/events_${ago(900)}.jsonl.gz`,
];
/** The newest of each category: with them the floor is of today. */
const NEWEST = [
  `raw/web/log_${TODAY}.jsonl.gz`,
  `summary/t/t_${TODAY}.csv.gz`,
  `training/q/q_${TODAY}_1.npz`,
  `tagged/90d/events_${TODAY}.jsonl.gz`,
];

function of(paths: readonly string[], bytes = 2 * MB): DataFile[] {
  return paths.map((path) => dataFile(path, { bytes }));
}

describe("the order of sacrifice", () => {
  const all = of([...NEVER, ...EXTRA, ...NEWEST, ...SACRIFICED].sort());

  it("is raw archive, raw, summary archive, summary, each oldest first, and only as much as is needed", () => {
    expect(planOf(all)).toEqual(SACRIFICED.slice(0, 5).map((path) => `delete ${path}`));
    expect(planOf(all, { disk: { sizeBytes: 100e6, freeBytes: 19e6 } })).toEqual([`delete ${SACRIFICED[0]}`]);
    expect(planOf(all, { disk: { sizeBytes: 100e6, freeBytes: 20e6 } })).toEqual([]);
  });

  it("takes training and tagged when they are included, and never what is permanent or of no known duration", () => {
    const nothingFree = { disk: { sizeBytes: 100e6, freeBytes: 0 } };
    expect(planOf(all, nothingFree)).toEqual(SACRIFICED.map((path) => `delete ${path}`));
    const include = new Set(["training", "tagged"] as const);
    expect(planOf(all, { ...nothingFree, include })).toEqual(
      [...SACRIFICED, ...EXTRA].map((path) => `delete ${path}`),
    );
  });
});

describe("compressing", () => {
  const plain = of(
    [`raw/web/log_${ago(1)}.jsonl`, `raw/web/log_${ago(2)}.jsonl`, `raw/web/log_${ago(3)}.jsonl`],
    10 * MB,
  );

  it("comes first, oldest first, and nothing is deleted where it is enough", () => {
    expect(planOf(plain)).toEqual([
      `compress raw/web/log_${ago(3)}.jsonl`,
      `compress raw/web/log_${ago(2)}.jsonl`,
    ]);
  });

  it("is left out for what is going to be deleted", () => {
    const disk = { sizeBytes: 100e6, freeBytes: 0 };
    const files = [...plain, dataFile(`raw/web/log_${TODAY}.jsonl`, { bytes: 1000 })];
    // 20 MB too many; all three compressed would free 27.
    expect(planOf(files, { disk })).toHaveLength(3);
    // 28 MB too many: the oldest has to go, the others are compressed.
    expect(planOf(files, { disk, targetPercent: 72 })).toEqual([
      `compress raw/web/log_${ago(2)}.jsonl`,
      `compress raw/web/log_${ago(1)}.jsonl`,
      `delete raw/web/log_${ago(3)}.jsonl`,
    ]);
  });

  it("is put off while there is no room for it", () => {
    const old = of(
      [`archive/raw/web/log_${ago(6)}.jsonl.gz`, `archive/raw/web/log_${ago(5)}.jsonl.gz`],
      40 * MB,
    );
    const disk = { sizeBytes: 1000e6, freeBytes: 0 };
    expect(planOf([...plain, ...old], { disk, noRoom: true })).toEqual([
      `delete archive/raw/web/log_${ago(6)}.jsonl.gz`,
    ]);
  });

  it("is for training and tagged too, but not for files of less than a block", () => {
    const files = [
      dataFile(`training/q/q_${ago(5)}_1.pkl`, { bytes: 30 * MB }),
      dataFile(`tagged/permanent/events_${ago(5)}.jsonl`, { bytes: 30 * MB }),
      dataFile(`tagged/permanent/events_${ago(6)}.jsonl`, { bytes: 4000 }),
    ];
    expect(planOf(files, { targetPercent: 50 })).toEqual([
      `compress tagged/permanent/events_${ago(5)}.jsonl`,
      `compress training/q/q_${ago(5)}_1.pkl`,
    ]);
  });
});

describe("the floor", () => {
  const days = of([0, 1, 2, 3].map((age) => `raw/web/log_${ago(age)}.jsonl.gz`));
  const full = { disk: { sizeBytes: 100e6, freeBytes: 0 } };

  it.each([
    [0, [3, 2, 1, 0]],
    [1, [3, 2]],
    [2, [3]],
    [30, []],
  ])("of %i days leaves the newest date and the days before it", (floorDays, deleted) => {
    expect(planOf(days, { ...full, floorDays })).toEqual(
      deleted.map((age) => `delete raw/web/log_${ago(age)}.jsonl.gz`),
    );
  });

  it("counts from the newest date of a category that nothing is written to any more", () => {
    const old = of([100, 101, 102].map((age) => `summary/t/t_${ago(age)}.csv.gz`));
    expect(planOf(old, full)).toEqual([`delete summary/t/t_${ago(102)}.csv.gz`]);
  });

  it("is not moved by a date of the future", () => {
    const future = dataFile("raw/web/log_2099-01-01.jsonl.gz");
    expect(planOf([...days, future], full)).toHaveLength(2);
    expect(planOf([...days, future], { ...full, floorDays: 0 })).toHaveLength(4);
  });
});

it("keeps the logs under their own limit too", () => {
  const files = of([0, 1, 2, 3, 4].map((age) => `raw/web/log_${ago(age)}.jsonl.gz`));
  const disk = { sizeBytes: 100e6, freeBytes: 90e6 };
  expect(planOf(files, { disk, maxSizeBytes: 7 * MB })).toEqual(
    [3, 2].slice(0, 2).map((_, at) => `delete raw/web/log_${ago(4 - at)}.jsonl.gz`),
  );
  expect(planOf(files, { disk, maxSizeBytes: 10 * MB })).toEqual([]);
});

it("says what stands in the way", () => {
  const files = [
    dataFile(`raw/web/log_${TODAY}.jsonl.gz`, { bytes: 3 * MB }),
    dataFile(`raw/web/log_${TODAY}.1.jsonl`, { bytes: 2 * MB }),
    dataFile(`training/q/q_${ago(9)}_1.npz`, { bytes: 5 * MB }),
    dataFile(`raw/web/log_${ago(9)}.jsonl.gz`, { bytes: 1 * MB }),
  ];
  const plan = planEmergency(
    request(files, { openPaths: new Set([`raw/web/log_${TODAY}.1.jsonl`]), targetPercent: 10 }),
  );
  expect(plan.work.map(({ file }) => file.date)).toEqual([ago(9)]);
  expect([plan.needBytes, plan.expectedBytes]).toEqual([80 * MB, 1 * MB]);
  expect(plan.obstacles.map(obstacleText)).toEqual([
    "79.0 MB outside the log folder fill this disk",
    "5.0 MB are kept because nothing said that they may go (training; --include)",
    "the floor of 1 day (SIDECAR_FLOOR) keeps 3.0 MB (raw)",
    "open segments hold 2.0 MB (raw)",
  ]);
});

describe("a component that prints without end", () => {
  const part = (component: string, at: number, bytes: number) =>
    dataFile(`raw/${component}/log_${TODAY}.${at}.jsonl.gz`, { bytes });
  const flood = Array.from({ length: 10 }, (_, at) => part("flood", at + 1, 5 * MB));
  const others = [
    part("api", 1, 3 * MB),
    part("web", 1, 12 * MB),
    dataFile(`summary/t/t_${TODAY}.csv.gz`, { bytes: 3 * MB }),
  ];

  it("loses its oldest files of today before collecting stops for all, and no more than is needed", () => {
    expect(planOf([...flood, ...others])).toEqual(flood.slice(0, 2).map(({ path }) => `delete ${path}`));
  });

  it("keeps an eighth of the disk, and loses nothing while older files are enough", () => {
    const left = planOf([...flood, ...others], { targetPercent: 20 });
    expect(left).toEqual(flood.slice(0, 7).map(({ path }) => `delete ${path}`));
    const old = dataFile(`raw/web/log_${ago(5)}.jsonl.gz`, { bytes: 10 * MB });
    expect(planOf([old, ...flood, ...others])).toEqual([`delete ${old.path}`]);
  });

  it("keeps what is open", () => {
    const openPaths = new Set([flood[0]!.path]);
    expect(planOf([...flood, ...others], { openPaths })[0]).toBe(`delete ${flood[1]!.path}`);
  });
});

const folderOf = (path: string) => path.replace(/^archive\//, "").replace(/\/[^/]*$/, "");

it("never names an open segment, what is permanent, or what the floor keeps but of a flood, and frees enough or all it may", () => {
  const file = fc
    .tuple(
      fc.constantFrom(
        ...[
          ...SACRIFICED,
          ...EXTRA,
          ...NEVER,
          ...NEWEST,
          `raw/x/log_${TODAY}.jsonl`,
          `summary/u/u_${TODAY}.csv`,
        ],
      ),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 10 * MB }),
    )
    .map(([path, age, bytes]) => dataFile(path.replace(/\d{4}-\d\d-\d\d/, ago(age)), { bytes }));
  fc.assert(
    fc.property(
      fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 30 }),
      fc.record({
        free: fc.integer({ min: 0, max: 100e6 }),
        target: fc.integer({ min: 1, max: 99 }),
        floorDays: fc.integer({ min: 0, max: 40 }),
        coin: fc.boolean(),
        noRoom: fc.boolean(),
      }),
      (files, { free, target, floorDays, coin, noRoom }) => {
        const openPaths = new Set(files.filter(({ bytes }) => bytes % 3 === 0).map(({ path }) => path));
        const include = new Set(coin ? (["training", "tagged"] as const) : []);
        const asked = request(files, {
          openPaths,
          include,
          floorDays,
          noRoom,
          targetPercent: target,
          disk: { sizeBytes: 100e6, freeBytes: free },
        });
        const plan = planEmergency(asked);
        for (const { file: planned, steps } of plan.work) {
          expect(openPaths.has(planned.path)).toBe(false);
          if (!steps.includes("delete")) continue;
          expect(NEVER.some((path) => planned.path.startsWith(path.slice(0, path.lastIndexOf("/"))))).toBe(
            false,
          );
          const newest = files
            .filter(({ category }) => category === planned.category)
            .map(({ date }) => date)
            .sort()
            .at(-1)!;
          if (floorDays === 0 || planned.date < dayFrom(newest, -floorDays)) continue;
          // A flood: its folder keeps an eighth of the disk.
          const folder = folderOf(planned.path);
          const gone = new Set(
            plan.work.filter(({ steps: [step] }) => step === "delete").map(({ file: each }) => each.path),
          );
          const kept = files.filter(({ path }) => folderOf(path) === folder && !gone.has(path));
          expect(kept.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThanOrEqual(100e6 / 8);
        }
        if (plan.needBytes > 0 && !noRoom && plan.expectedBytes < plan.needBytes)
          expect(plan.obstacles.length).toBeGreaterThan(0);
        if (plan.needBytes === 0) expect(plan.work).toEqual([]);
      },
    ),
  );
});
