import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { MOBY } from "../../../../src/sources/docker/files/joins.js";
import { LogFile } from "../../../../src/sources/docker/files/log-file.js";
import { LogFiles } from "../../../../src/sources/docker/files/log-files.js";
import { inodeOf } from "../../../../src/sources/docker/files/scan.js";
import { EngineFiles, type Step } from "../../engine-files.js";

const ID = "app";
/** A file takes 200 ms at least to be filled, as fast as engines are thought to be. */
const ROTATE_BYTES = 100_000_000;

interface How {
  readonly files: number;
  readonly compress: boolean;
  /** Times of files are whole multiples of it. */
  readonly tickMs: number;
  readonly fillMs: number;
}

/** An engine that stands still until it is told to go on: each line it prints is a file's first, and its only one. */
class SteppedEngine {
  printed = 0;
  nowMs = 1_000;
  readonly #how: How;
  readonly #files = new EngineFiles();
  readonly #madeMs = new Map<number, number>();
  readonly #goneMs = new Map<number, number>();
  #steps: Generator<Step>;

  constructor(how: How) {
    this.#how = how;
    this.#print();
    this.#madeMs.set(inodeOf(this.path)!, this.nowMs);
    this.#steps = this.#files.rotating(ID, how);
  }

  get path(): string {
    return this.#files.path(ID);
  }

  /** Goes on by so many steps; between two rotations it fills a file. */
  go(steps: number): void {
    for (let left = steps; left > 0; left -= 1) {
      const { value, done } = this.#steps.next();
      if (done === true) this.#fill();
      else this.#note(value);
    }
  }

  /** Ends the rotation that is under way, and makes so many more. */
  rotate(more = 0): void {
    for (let left = more; left >= 0; left -= 1) {
      for (let step = this.#steps.next(); step.done !== true; step = this.#steps.next())
        this.#note(step.value);
      this.#fill();
    }
  }

  /** Opens files, and goes on by so many steps before each. */
  opener(steps: () => number): (path: string) => LogFile | undefined {
    const [made, gone] = [this.#madeMs, this.#goneMs];
    class TimedFile extends LogFile {
      override get madeMs(): number {
        return made.get(this.inode)!;
      }

      override get changedMs(): number {
        return gone.get(this.inode)!;
      }
    }
    return (path) => {
      this.go(steps());
      return existsSync(path) ? new TimedFile(path) : undefined;
    };
  }

  #fill(): void {
    this.nowMs += this.#how.fillMs;
    this.#steps = this.#files.rotating(ID, this.#how);
  }

  #note({ made, removed }: Step): void {
    this.nowMs += 1;
    const ms = this.nowMs - (this.nowMs % this.#how.tickMs);
    if (removed !== undefined) this.#goneMs.set(removed, ms);
    if (made === undefined) return;
    this.#madeMs.set(made, ms);
    if (made === inodeOf(this.path)) this.#print();
  }

  #print(): void {
    this.printed += 1;
    const payload = Buffer.from(`${this.printed}\n`);
    this.#files.append(ID, [{ ts: TIME, stream: 0, payload }]);
  }
}

const TIME = "2026-11-29T05:11:05.123456789Z";

function reader(engine: SteppedEngine, maxFiles: number, steps: () => number = () => 0): Reader {
  const open = engine.opener(steps);
  const options = {
    path: engine.path,
    rules: MOBY,
    rotateBytes: ROTATE_BYTES,
    maxFiles,
    removedBytes: 1e9,
    open,
  };
  let files = LogFiles.open(options);
  while (files === undefined) {
    // The rotation goes on.
    engine.go(1);
    files = LogFiles.open(options);
  }
  onTestFinished(() => files.close());
  return new Reader(files);
}

/** Reads the files one by one: the numbers in them, and `gap`. */
class Reader {
  readonly found: (number | "gap")[] = [];
  readonly files: LogFiles;

  constructor(files: LogFiles) {
    this.files = files;
    this.#read();
  }

  /** Goes to the next file, if there is one. */
  next(): void {
    if (this.files.isLast) return;
    this.files.next();
    this.#read();
  }

  toEnd(): readonly (number | "gap")[] {
    this.files.look();
    while (!this.files.isLast) this.next();
    return this.found;
  }

  #read(): void {
    const { first } = this.files;
    if (first.gapBefore) this.found.push("gap");
    const bytes = readFileSync(first.fd);
    const text = (first.compressed ? gunzipSync(bytes) : bytes).toString();
    this.found.push(...[...text.matchAll(/"log":"(\d+)/g)].map(([, digits]) => Number(digits)));
  }
}

/** The numbers are 1 apart where no gap is told, and rise. */
function expectToldOrThere(found: readonly (number | "gap")[], last: number): void {
  expect(found.at(-1)).toBe(last);
  found.forEach((number, index) => {
    const before = found[index - 1];
    if (number === "gap" || before === undefined) return;
    const earlier = before === "gap" ? found[index - 2] : before;
    expect(number, found.join(" ")).toBeGreaterThan(Number(earlier ?? 0));
    if (before !== "gap") expect(number, found.join(" ")).toBe(before + 1);
  });
}

const engines = fc.oneof(
  // Files that are full in no time, so that many are made within one tick of the clock.
  fc.record({
    files: fc.integer({ min: 2, max: 4 }),
    compress: fc.boolean(),
    tickMs: fc.constantFrom(1, 4, 10),
    fillMs: fc.constantFrom(0, 5, 250),
  }),
  fc.record({
    files: fc.constant(1),
    compress: fc.constant(false),
    tickMs: fc.constantFrom(1, 4),
    fillMs: fc.constant(250),
  }),
);

it("whenever the engine goes on while files are looked for, each file is there once and in order, or a gap is told", () => {
  const pace = fc.array(fc.nat(12), { maxLength: 80 });
  fc.assert(
    fc.property(engines, fc.nat(30), pace, pace, (how, before, within, between) => {
      const engine = new SteppedEngine(how);
      engine.go(before);
      const paces = within.values();
      const reading = reader(engine, how.files, () => paces.next().value ?? 0);
      for (const steps of between) {
        engine.go(steps);
        reading.files.look();
        reading.next();
      }
      engine.rotate();
      expectToldOrThere(reading.toEnd(), engine.printed);
    }),
    { numRuns: 300 },
  );
});

const slow = { compress: false, tickMs: 4, fillMs: 250 };

describe.each([1, 2, 3, 5])("%i files", (files) => {
  it.each(Array.from({ length: files + 3 }, (_, n) => n + 1))("%i rotations between two looks", (times) => {
    const engine = new SteppedEngine({ ...slow, files });
    const reading = reader(engine, files);
    engine.rotate(times - 1);
    const lost = Math.max(0, times - files);
    const there = Array.from({ length: times - lost }, (_, n) => n + 2 + lost);
    expect(reading.toEnd()).toEqual([1, ...(lost > 0 ? ["gap"] : []), ...there]);
  });

  it("stopped in the middle of a rotation, all that is there is found", () => {
    const stepsOfOne = files === 1 ? 2 : 2 * files;
    for (let steps = 0; steps <= stepsOfOne; steps += 1) {
      const engine = new SteppedEngine({ ...slow, files });
      engine.rotate(files - 1);
      const reading = reader(engine, files);
      const [first] = reading.found;
      engine.rotate(files - 2);
      engine.go(steps);
      reading.files.look();
      engine.rotate();
      const found = reading.toEnd();
      expect(found).toEqual(Array.from({ length: found.length }, (_, n) => Number(first) + n));
      expect(found.at(-1)).toBe(engine.printed);
    }
  });
});
