import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { namedContainer } from "../../../src/core/container.js";
import type { LineJoiner } from "../../../src/core/line.js";
import type { LineBatch } from "../../../src/core/source.js";
import { Cursor, positionOf } from "../../../src/sources/cursor.js";
import type { BodySink, LogQuery, StreamEnd } from "../../../src/sources/docker/log-stream.js";
import { Pass } from "../../../src/sources/docker/pass.js";
import type { PassEnd } from "../../../src/sources/docker/pass-options.js";
import { nextSeek, Resume, type Seek } from "../../../src/sources/docker/resume.js";
import { type Position, positionSchema, startPosition } from "../../../src/sources/position.js";
import { skipNothing } from "../../../src/sources/skipping.js";
import { timeAt } from "../arbitraries.js";
import { cutAt, type Driver, frame, type Message, messagesOf, type Printed, ttyText } from "../engine-log.js";
import { HeldLog, type SinceRule } from "../held-log.js";

/** What the engine answers next; stands in the place of the connection. */
interface Scene {
  log: HeldLog;
  tty: boolean;
  /** Only this many bytes come, then the connection is cut. */
  cutAfter: number | undefined;
  borders: readonly number[];
  /** Bytes to send instead of the log's. */
  raw?: Buffer;
}

const scene = vi.hoisted(() => ({ now: undefined as unknown as Scene }));

vi.mock("../../../src/sources/docker/log-stream.js", () => ({
  async readLogStream(_address: unknown, _id: string, query: LogQuery, sink: BodySink, signal: AbortSignal) {
    const { log, tty, cutAfter, borders, raw } = scene.now;
    const all = raw ?? Buffer.concat(log.select(query).map(tty ? ttyText : frame));
    const bytes = cutAfter === undefined ? all : all.subarray(0, cutAfter);
    for (const part of cutAt(bytes, borders)) {
      if (signal.aborted) return "cut";
      sink.span(part, 0, part.length);
      await sink.read(Date.now(), false);
      part.fill(0x7a);
    }
    const end: StreamEnd = bytes.length < all.length || signal.aborted ? "cut" : "whole";
    return end;
  },
}));

/** Lines that begin with a blank belong to the line before. */
function createJoiner(): LineJoiner {
  let pending = false;
  return {
    learned: undefined,
    relate(text) {
      if (text.startsWith(" ") && pending) return "joins";
      pending = !text.startsWith("!");
      return pending ? "starts" : "whole";
    },
    reset() {
      pending = false;
    },
  };
}

/** Reads one container as the reader does, in one snapshot after another. */
class Collector {
  position: Position = startPosition("");
  readonly batches: LineBatch[] = [];
  readonly tty: boolean;

  constructor(tty = false) {
    this.tty = tty;
  }

  /** One snapshot; `cutAfter` is as when the sidecar is killed in it. Returns how it ended. */
  async read(how: { cutAfter?: number; tailMessages: number; ended?: boolean }): Promise<PassEnd> {
    let seek: Seek = { by: this.position.taken === 0 ? "anchor" : "tail", tailMessages: how.tailMessages };
    for (;;) {
      const pass = this.#pass(seek);
      scene.now.cutAfter = how.cutAfter;
      const end = await pass.run();
      if (end === "lost") {
        seek = nextSeek(seek);
        continue;
      }
      if (end === "whole" && how.ended === true) await pass.finish("ended");
      return end;
    }
  }

  /** All that the log holds as if it were followed, until it ends. */
  follow(): Promise<PassEnd> {
    scene.now.cutAfter = undefined;
    return this.#pass({ by: "anchor", tailMessages: 10 }, true).run();
  }

  #pass(seek: Seek, follow = false): Pass {
    return new Pass({
      // The clock of a log's times is the test's: nothing is too old to go on.
      address: { kind: "tcp", host: "none", port: 1, tls: undefined, text: "tcp://none:1" },
      container: () => namedContainer("id", "name"),
      log: { tty: this.tty, logDriver: "local" },
      // As it comes back from a checkpoint.
      position: positionSchema.parse(JSON.parse(JSON.stringify(this.position))),
      seek,
      follow,
      vet: undefined,
      stale: undefined,
      maxLineBytes: 1_000_000,
      joiners: [createJoiner(), createJoiner()],
      moved: (position) => {
        this.position = position;
      },
      sink: {
        deliver: (batch) => {
          expect(batch.position).toEqual(this.position);
          this.batches.push(batch);
          return undefined;
        },
      },
    });
  }

  get gaps(): number {
    return this.batches.filter(({ gap }) => gap !== undefined).length;
  }

  /** Texts of one stream, events taken apart again. */
  texts(stream: 0 | 1): string[] {
    const name = stream === 0 ? "stdout" : "stderr";
    const lines = this.batches.flatMap((batch) => batch.lines.filter((line) => line.stream === name));
    for (const line of lines) expect(line.text.split("\n").length).toBe(line.lines);
    return lines.flatMap((line) => line.text.split("\n"));
  }
}

function printedTexts(lines: readonly Printed[], stream: 0 | 1): string[] {
  return lines.filter((line) => line.stream === stream).map(({ bytes }) => bytes.toString());
}

interface Stroke {
  readonly stream: 0 | 1;
  readonly kind: "plain" | "trace" | "whole" | "long";
  readonly pieces: number;
  readonly step: number;
}

const strokes = fc.record({
  stream: fc.constantFrom<0 | 1>(0, 0, 1),
  kind: fc.constantFrom<Stroke["kind"]>("plain", "plain", "trace", "whole", "long"),
  pieces: fc.constantFrom(0, 1, 1, 2, 5),
  // Nanoseconds: equal times, out of order by up to 2 ms, ordinary steps, and clocks that are set by hours.
  step: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.integer({ min: -2_000_000, max: 2_000_000 }) },
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 2_000_000_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -4 * 3_600_000_000_000, max: -61_000_000_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 61_000_000_000, max: 3_600_000_000_000 }) },
  ),
});

/** A log made of strokes: each line holds its number, so that none can be taken for another. */
class Writer {
  /**
   * No two messages share a time: those are all the same to a resume once rotation has taken some of them away. And those of one stream
   * are in order while nobody sets the clock, as with an engine, which stamps each stream for itself.
   */
  readonly #distinct: boolean;
  readonly lines: Printed[] = [];
  readonly #driver: Driver;
  readonly #tty: boolean;
  #past = new Set<string>();
  #ns = 20n * 3_600_000_000_000n;
  readonly #streamNs: [bigint, bigint] = [0n, 0n];

  constructor(driver: Driver, { tty = false, distinct = false } = {}) {
    this.#distinct = distinct;
    this.#driver = driver;
    this.#tty = tty;
  }

  write(made: readonly Stroke[]): Message[] {
    return made.flatMap(({ stream, kind, pieces, step }) => {
      this.#ns += BigInt(step);
      const isSet = Math.abs(step) > 60_000_000_000;
      if (
        this.#distinct &&
        !isSet &&
        this.#ns < this.#streamNs[stream] &&
        this.#streamNs[stream] - this.#ns < 60_000_000_000n
      )
        this.#ns = this.#streamNs[stream];
      // A clock that was set does not come by the very nanosecond of an earlier message again.
      if (isSet || this.#distinct) this.#past = new Set(this.lines.map(({ ts }) => ts));
      while (this.#past.has(timeAt(this.#ns))) this.#ns += 1n;
      this.#streamNs[stream] = this.#ns;
      const number = String(this.lines.length);
      const text = kind === "trace" ? ` at ${number}` : kind === "whole" ? `!${number}` : number;
      const length = kind === "long" ? pieces * 16_384 + (this.lines.length % 3) - 1 : text.length;
      const bytes = Buffer.from(text.padEnd(length, "."));
      const line = { ts: timeAt(this.#ns), stream: this.#tty ? (0 as const) : stream, bytes, ended: true };
      this.lines.push(line);
      const printed = this.#tty ? { ...line, bytes: Buffer.concat([bytes, Buffer.from("\r")]) } : line;
      return messagesOf(printed, this.#driver);
    });
  }
}

const drivers = fc.constantFrom<Driver>("json-file", "local");
const rules = fc.constantFrom<SinceRule>("each", "first");
const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 70_000 })), {
  maxLength: 20,
});
const steps = fc.array(
  fc.record({
    written: fc.array(strokes, { maxLength: 12 }),
    /** How many bytes are read before the sidecar is killed, if it is. */
    cutAfter: fc.option(fc.oneof(fc.nat({ max: 600 }), fc.nat({ max: 200_000 })), { nil: undefined }),
    tailMessages: fc.constantFrom(0, 1, 2, 5, 2000),
    borders: cuts,
    ended: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

beforeEach(() => {
  scene.now = { log: new HeldLog("each"), tty: false, cutAfter: undefined, borders: [] };
});

describe("reading on from a position", () => {
  it("hands on each line once and in order, wherever the readings are cut", async () => {
    await fc.assert(
      fc.asyncProperty(drivers, rules, steps, async (driver, rule, made) => {
        const log = new HeldLog(rule);
        const writer = new Writer(driver);
        const collector = new Collector();
        scene.now.log = log;
        for (const { written, cutAfter, tailMessages, borders, ended } of made) {
          log.messages.push(...writer.write(written));
          scene.now.borders = borders;
          await collector.read({ tailMessages, ended, ...(cutAfter !== undefined && { cutAfter }) });
        }
        await collector.read({ tailMessages: 3, ended: true });
        expect(collector.gaps).toBe(0);
        for (const stream of [0, 1] as const) {
          expect(collector.texts(stream)).toEqual(printedTexts(writer.lines, stream));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("does the same for the raw text of a TTY", async () => {
    await fc.assert(
      fc.asyncProperty(drivers, rules, steps, async (driver, rule, made) => {
        const log = new HeldLog(rule);
        const writer = new Writer(driver, { tty: true });
        const collector = new Collector(true);
        scene.now.log = log;
        scene.now.tty = true;
        for (const { written, cutAfter, tailMessages, borders, ended } of made) {
          log.messages.push(...writer.write(written));
          scene.now.borders = borders;
          await collector.read({ tailMessages, ended, ...(cutAfter !== undefined && { cutAfter }) });
        }
        await collector.read({ tailMessages: 3, ended: true });
        expect(collector.texts(0)).toEqual(printedTexts(writer.lines, 0));
      }),
      { numRuns: 100 },
    );
  });

  it("tells a gap when lines that were not read are gone, and then hands on all that are left", async () => {
    const rotations = fc.array(
      fc.record({ step: steps.map((all) => all[0]!), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(drivers, rules, rotations, async (driver, rule, made) => {
        const log = new HeldLog(rule);
        const writer = new Writer(driver, { distinct: true });
        const collector = new Collector();
        scene.now.log = log;
        const vanished = new Set<string>();
        let isCut = false;
        for (const { step, share } of made) {
          scene.now.borders = step.borders;
          const count = log.messages.length;
          log.messages.push(...writer.write(step.written.map((stroke) => ({ ...stroke, pieces: 0 }))));
          // A line whose first pieces are gone is another one: only lines of one message are written here.
          const { last, taken: read, begins } = collector.position;
          const [known] = last;
          const isBegun = read > 0 || begins !== undefined;
          const gone = isBegun ? Math.floor(log.messages.length * share) : 0;
          const taken = new Set([0, 1].flatMap((stream) => collector.texts(stream as 0 | 1)));
          const removed = log.rotate(gone).map(({ payload }) => payload.toString().trimEnd());
          const unread = removed.filter((text) => !taken.has(text));
          for (const text of unread) vanished.add(text);
          const lastHeld = log.messages.some(({ ts }) => ts === known);
          const gaps = collector.gaps;
          const { tailMessages, ended, cutAfter } = step;
          await collector.read({ tailMessages, ended, ...(cutAfter !== undefined && { cutAfter }) });
          expect(count).toBeLessThanOrEqual(log.messages.length + gone);
          const told = collector.gaps - gaps;
          // What is cut short may have told it, or the next reading does.
          isCut ||= cutAfter !== undefined;
          if (isCut) continue;
          if (unread.length > 0 && log.messages.length > 0 && step.ended) expect(told).toBe(1);
          if (unread.length === 0 && lastHeld) expect(told).toBe(0);
        }
        await collector.read({ tailMessages: 3, ended: true });
        for (const stream of [0, 1] as const) {
          const printed = printedTexts(writer.lines, stream).map((text) => text.trimEnd());
          expect(collector.texts(stream)).toEqual(printed.filter((text) => !vanished.has(text)));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("does not take a later piece of a long line for its beginning when the tail begins among them", async () => {
    const log = new HeldLog("first");
    const writer = new Writer("json-file");
    const collector = new Collector();
    scene.now.log = log;
    const stroke = { stream: 0, kind: "plain", pieces: 5, step: 1_000_000 } as const;
    log.messages.push(...writer.write([stroke, { ...stroke, kind: "long" }]));
    await collector.read({ tailMessages: 10, ended: true });
    // Six pieces were taken last and twelve lines are new: the last sixteen messages begin with the second piece.
    log.messages.push(...writer.write(new Array<Stroke>(12).fill(stroke)));
    await collector.read({ tailMessages: 10, ended: true });
    expect(collector.texts(0)).toEqual(printedTexts(writer.lines, 0));
  });

  it("goes on after a clock was set back by hours and rotation has taken the latest time away", async () => {
    const log = new HeldLog("each");
    const writer = new Writer("json-file");
    const collector = new Collector();
    scene.now.log = log;
    const stroke = { stream: 0, kind: "plain", pieces: 0, step: 1_000_000 } as const;
    log.messages.push(...writer.write([stroke, { ...stroke, step: -2 * 3_600_000_000_000 }, stroke, stroke]));
    await collector.read({ tailMessages: 100, ended: true });
    log.rotate(2);
    for (let round = 0; round < 3; round += 1) {
      log.messages.push(...writer.write([stroke]));
      await collector.read({ tailMessages: 100, ended: true });
    }
    expect(collector.gaps).toBe(0);
    expect(collector.texts(0)).toEqual(printedTexts(writer.lines, 0));
    // The position goes by a message that the engine still holds.
    expect(log.messages.map(({ ts }) => ts)).toContain(collector.position.anchor);
  });

  /** A log of three seconds in which stderr waits for more and stdout is ahead of it; `!` stands alone. */
  async function readAhead(log: HeldLog, collector: Collector) {
    const at = (second: bigint, stream: 0 | 1, text: string): Message => ({
      ts: timeAt(second * 1_000_000_000n),
      stream,
      payload: Buffer.from(`${text}\n`),
    });
    scene.now.log = log;
    log.messages.push(at(1n, 0, "!a"), at(2n, 1, "err"), at(3n, 0, "!b"));
    await collector.read({ tailMessages: 10 });
    expect(collector.position.ahead).toEqual([1, 0]);
    return at;
  }

  it.each([false, true])(
    "tells the gap once there is something again in a log that was emptied while a stream was ahead (ended: %s)",
    async (ended) => {
      const [log, collector] = [new HeldLog("each"), new Collector()];
      const at = await readAhead(log, collector);
      log.rotate(3);
      await collector.read({ tailMessages: 10, ended });
      log.messages.push(at(9n, 0, "!c"));
      await collector.read({ tailMessages: 10, ended: true });
      expect([collector.texts(0), collector.gaps]).toEqual([["!a", "!b", "!c"], 1]);
    },
  );

  it("tells the gap at once where all that is left was ahead, and says where the log begins", async () => {
    const [log, collector] = [new HeldLog("each"), new Collector()];
    const at = await readAhead(log, collector);
    log.rotate(2);
    await collector.read({ tailMessages: 10 });
    expect([collector.texts(0), collector.gaps]).toEqual([["!a", "!b"], 1]);
    log.messages.push(at(4n, 0, "!c"));
    await collector.read({ tailMessages: 10 });
    expect([collector.texts(0), collector.gaps]).toEqual([["!a", "!b", "!c"], 1]);
  });

  it("leaves a followed log for a snapshot when the place is gone and a stream was ahead", async () => {
    const [log, collector] = [new HeldLog("each"), new Collector()];
    const at = await readAhead(log, collector);
    log.rotate(3);
    log.messages.push(at(4n, 1, "!x"), at(5n, 1, "!y"));
    expect(await collector.follow()).toBe("lost");
    expect([collector.texts(1), collector.gaps]).toEqual([[], 0]);
    await collector.read({ tailMessages: 10 });
    expect([collector.texts(1), collector.gaps]).toEqual([["!x", "!y"], 1]);
    expect(await collector.follow()).toBe("whole");
  });

  it.each([1, 2])(
    "goes on by time where the engine showed another message than its log holds, with %i new",
    async (count) => {
      const log = new HeldLog("each");
      const writer = new Writer("local");
      const collector = new Collector();
      scene.now.log = log;
      const stroke = { stream: 0, kind: "whole", pieces: 0, step: 1_000_000 } as const;
      log.messages.push(...writer.write([stroke, { ...stroke, stream: 1 }, stroke]));
      await collector.read({ tailMessages: 100 });
      const { position } = collector;
      const [ts, stream, bytes] = position.last;
      collector.position = { ...position, last: [ts, stream, bytes + 7], taken: position.taken + 1 };
      // Nothing new has come: nothing is stored, and nothing told yet.
      await collector.read({ tailMessages: 100 });
      expect([collector.gaps, collector.texts(0).length]).toEqual([0, 2]);
      for (let round = 1; round <= 2; round += 1) {
        log.messages.push(...writer.write(new Array<Stroke>(count).fill(stroke)));
        await collector.read({ tailMessages: 100, ended: round === 2 });
        expect(collector.gaps).toBe(1);
      }
      for (const each of [0, 1] as const)
        expect(collector.texts(each)).toEqual(printedTexts(writer.lines, each));
    },
  );

  it("reads a TTY on after a run that ended without a newline", async () => {
    const log = new HeldLog("first");
    const collector = new Collector(true);
    scene.now.log = log;
    scene.now.tty = true;
    log.messages.push({ ts: timeAt(1n), stream: 0, payload: Buffer.from("one\r\n") });
    log.messages.push({ ts: timeAt(2n), stream: 0, payload: Buffer.from("$ ") });
    await collector.read({ tailMessages: 100, ended: true });
    log.messages.push({ ts: timeAt(3n), stream: 0, payload: Buffer.from("two\r\n") });
    log.messages.push({ ts: timeAt(4n), stream: 0, payload: Buffer.from("three\r\n") });
    for (const borders of [[], new Array<number>(400).fill(1)]) {
      const { position } = collector;
      const again = new Collector(true);
      again.position = position;
      scene.now.borders = borders;
      await again.read({ tailMessages: 100, ended: true });
      expect(again.texts(0)).toEqual(["two", "three"]);
    }
  });

  it("hands on what stands before the engine's report that it cannot read on, and passes the report on", async () => {
    const collector = new Collector();
    const line = frame({ ts: timeAt(1n), stream: 0, payload: Buffer.from("one\n") });
    const report = Buffer.from("\x03\0\0\0\0\0\0\x20Error grabbing logs: unexpected EOF", "latin1");
    report[7] = report.length - 8;
    scene.now.raw = Buffer.concat([line, report]);
    await expect(collector.read({ tailMessages: 10 })).rejects.toThrow("unexpected EOF");
    expect(collector.texts(0)).toEqual(["one"]);
  });

  it.each([
    ["an upgrade", "", "\n"],
    ["the way back", "\n", ""],
  ])("knows the last piece of a long line after %s, with a newline or without", (_, stored, now) => {
    const piece = (end: string) => `${"y".repeat(100)}${end}`;
    const cursor = new Cursor(startPosition(""));
    cursor.pass(timeAt(4n), 0, 5);
    for (const bytes of [16_384, piece(stored).length]) cursor.pass(timeAt(5n), 0, bytes);
    const position = positionOf(cursor.mark(), [undefined, undefined], skipNothing());
    for (const by of ["anchor", "last"] as const) {
      const resume = new Resume(position, { by, tailMessages: 10 });
      const shown = ["x".repeat(16_384), piece(now)].map((raw) => resume.judge(timeAt(5n), 0, raw));
      expect([by, ...shown, resume.found]).toEqual([by, "known", "known", true]);
    }
  });

  it("does not believe a place at which another message stands than the one that was taken last", () => {
    const position: Position = {
      ...startPosition(""),
      anchor: timeAt(5n),
      taken: 2,
      last: [timeAt(4n), 1, 7],
    };
    const verdicts = (bytes: number) => {
      const resume = new Resume(position, { by: "anchor", tailMessages: 10 });
      return [
        resume.judge(timeAt(5n), 0, "abc"),
        resume.judge(timeAt(4n), 1, "x".repeat(bytes)),
        resume.found,
      ];
    };
    expect(verdicts(7)).toEqual(["known", "known", true]);
    expect(verdicts(8)).toEqual(["known", "lost", false]);
  });
});
