import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namedContainer } from "../../../src/core/container.js";
import type { Line } from "../../../src/core/line.js";
import { NOTHING_AHEAD } from "../../../src/sources/nats/ahead.js";
import type { SentBatch } from "../../../src/sources/nats/message.js";
import { numbersAfter } from "../../../src/sources/nats/numbers.js";
import { judge, type Progress, progressSchema } from "../../../src/sources/nats/progress.js";
import { timeAt } from "../arbitraries.js";

const CONTAINER = namedContainer("c", "c");

/**
 * An engine's log, a forwarder, a stream and a consumer, each as simple as it can be: what each does when the others lose what they
 * had is the point. `seen` is what the consumer stores.
 */
class World {
  /** What the app printed, oldest first; the engine holds those from `held` on. */
  readonly printed: Line[] = [];
  held = 0;
  stream: SentBatch[] = [];
  /** Where the forwarder is, as the stream's last message said. */
  next = 0;
  last: SentBatch | undefined;
  progress: Progress | undefined;
  readonly seen: string[] = [];
  gaps = 0;
  /** Each line is an event and has a time of its own: where numbers fail, times can tell no more than that. */
  readonly #plain: boolean;

  constructor({ plain }: { plain: boolean }) {
    this.#plain = plain;
  }

  print(streams: readonly number[]): void {
    for (const stream of streams) {
      const n = this.printed.length;
      this.printed.push({
        ts: timeAt(BigInt(!this.#plain && n % 3 === 2 ? n - 1 : n)),
        stream: stream === 0 ? "stdout" : "stderr",
        text: String(n),
        lines: 1,
        truncated: false,
        replaced: false,
      });
    }
  }

  /** The forwarder starts, or finds that the stream is not as it left it. */
  restart(): void {
    this.last = this.stream.at(-1);
    this.next = this.last === undefined ? this.held : Number(this.last.position);
  }

  /** Sends so many lines in one message, `joined` of them as one event where they are of one stream. */
  send(count: number, joined: number): void {
    if (this.last !== this.stream.at(-1)) this.restart();
    const gap =
      this.next < this.held
        ? { from: undefined, to: this.printed[this.held]?.ts, why: "rotated away" }
        : undefined;
    const start = Math.max(this.next, this.held);
    const taken = this.printed.slice(start, start + count);
    if (taken.length === 0) return;
    const lines = this.#plain ? taken : joinedAt(taken, joined);
    const before = this.last?.after;
    const after = numbersAfter(before, { lines, gap });
    const batch: SentBatch = {
      container: CONTAINER,
      lines,
      bytes: 0,
      gap,
      before,
      after,
      position: start + taken.length,
      ahead: NOTHING_AHEAD,
      state: "open",
    };
    this.stream.push(batch);
    this.last = batch;
    this.next = start + taken.length;
  }

  /** A session of the consumer: all that the stream holds, from its beginning; it ends after so many messages. */
  consume(messages: number): void {
    for (const batch of this.stream.slice(0, messages)) {
      const { lines, gap, progress } = judge(this.progress, batch);
      this.seen.push(...lines.flatMap(({ text }) => text.split("\n")));
      if (gap !== undefined) this.gaps += 1;
      this.progress = progressSchema.parse(JSON.parse(JSON.stringify(progress)));
    }
  }
}

/** The lines from `at` on that follow each other on one stream, three at most, are one event. */
function joinedAt(lines: readonly Line[], at: number): Line[] {
  const first = lines[at];
  if (first === undefined) return [...lines];
  let end = at + 1;
  while (end < Math.min(lines.length, at + 3) && lines[end]!.stream === first.stream) end += 1;
  const event = {
    ...first,
    text: lines
      .slice(at, end)
      .map(({ text }) => text)
      .join("\n"),
    lines: end - at,
  };
  return [...lines.slice(0, at), event, ...lines.slice(end)];
}

type Step =
  | { readonly kind: "print"; readonly streams: number[] }
  | { readonly kind: "send"; readonly count: number; readonly joined: number }
  | { readonly kind: "consume" | "loseTail" | "purge" | "rotate"; readonly count: number }
  | { readonly kind: "restart" | "wipe" };

const small = fc.nat({ max: 6 });
const ordinary: fc.Arbitrary<Step>[] = [
  fc.record({ kind: fc.constant("print" as const), streams: fc.array(fc.nat({ max: 1 }), { maxLength: 6 }) }),
  fc.record({ kind: fc.constant("send" as const), count: small, joined: small }),
  fc.record({ kind: fc.constant("consume" as const), count: small }),
  fc.record({ kind: fc.constant("loseTail" as const), count: small }),
  fc.record({ kind: fc.constant("purge" as const), count: small }),
  fc.record({ kind: fc.constantFrom("restart" as const, "wipe" as const) }),
];

function live(world: World, step: Step): void {
  if (step.kind === "print") world.print(step.streams);
  else if (step.kind === "send") world.send(step.count, step.joined);
  else if (step.kind === "consume") world.consume(step.count);
  else if (step.kind === "restart") world.restart();
  else if (step.kind === "wipe") world.stream = [];
  else if (step.kind === "loseTail")
    world.stream = world.stream.slice(0, Math.max(0, world.stream.length - step.count));
  else if (step.kind === "rotate") world.held = Math.min(world.printed.length, world.held + step.count);
  // As the consumer does: what it has stored, but for the last message.
  else if (world.progress !== undefined) world.stream = purged(world.stream, world.progress);
}

function purged(stream: SentBatch[], { numbers }: Progress): SentBatch[] {
  const upTo = stream.findIndex(
    ({ after }) => after.epoch === numbers.epoch && String(after.counts) === String(numbers.counts),
  );
  return upTo < 0 ? stream : stream.slice(upTo);
}

/** The app goes on, and the consumer comes to the end: a gap is told with the line behind it. */
function finish(world: World): void {
  world.print([0, 1]);
  while (world.last !== world.stream.at(-1) || world.next < world.printed.length) {
    const { next, last } = world;
    world.send(1000, 0);
    if (world.next === next && world.last === last) break;
  }
  world.consume(Number.POSITIVE_INFINITY);
}

function ofStream(world: World, name: string): string[] {
  const wanted = new Set(world.printed.filter(({ stream }) => stream === name).map(({ text }) => text));
  return world.seen.filter((text) => wanted.has(text));
}

describe("what is stored of a container", () => {
  it("is each line once and in order, whatever the stream loses or gives again", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...ordinary), { maxLength: 40 }), (steps) => {
        const world = new World({ plain: false });
        for (const step of steps) live(world, step);
        finish(world);
        for (const name of ["stdout", "stderr"]) {
          const printed = world.printed.filter(({ stream }) => stream === name).map(({ text }) => text);
          expect(ofStream(world, name)).toEqual(printed);
        }
        expect(world.gaps).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("has no line twice, and a gap where lines are missing, when the engine has rotated them away meanwhile", () => {
    const rotate = fc.record({ kind: fc.constant("rotate" as const), count: small });
    fc.assert(
      fc.property(fc.array(fc.oneof(...ordinary, rotate), { maxLength: 40 }), (steps) => {
        const world = new World({ plain: true });
        for (const step of steps) live(world, step);
        finish(world);
        for (const name of ["stdout", "stderr"]) {
          const seen = ofStream(world, name).map(Number);
          expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
        }
        // Of what was gone before anything was stored nobody can know.
        const first = Math.min(world.printed.length, ...world.seen.map(Number));
        const complete = world.printed.length - first === world.seen.length;
        if (!complete) expect(world.gaps).toBeGreaterThan(0);
        // What the engine held at the end cannot be missing.
        const stored = new Set(world.seen);
        for (const { text } of world.printed.slice(world.held)) expect(stored).toContain(text);
      }),
      { numRuns: 300 },
    );
  });
});
