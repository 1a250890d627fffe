import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEngineTime } from "../../../src/core/time.js";
import { LineClock } from "../../../src/sources/pipe/line-clock.js";
import { LineCutter } from "../../../src/sources/pipe/line-cutter.js";
import { borders, lineBytes } from "../arbitraries.js";
import { cutAt, type Message } from "../engine-log.js";
import { MessageLog } from "../message-log.js";

const NEWLINE = Buffer.from("\n");

function cut(
  parts: readonly Buffer[],
  keepBytes = 1_000_000,
): { log: MessageLog; messages: readonly Message[] } {
  const log = new MessageLog();
  const clock = new LineClock();
  const cutter = new LineCutter({ stream: 1, sink: log, clock, keepBytes, lane: undefined });
  for (const part of parts) {
    clock.tick();
    cutter.push(part);
    part.fill(0x7a);
  }
  cutter.end();
  return { log, messages: log.messages };
}

describe("cutting a pipe's bytes", () => {
  it("finds the same lines whatever the borders, each with a time of its own", () => {
    fc.assert(
      fc.property(fc.array(lineBytes, { maxLength: 12 }), fc.boolean(), borders, (lines, ended, cuts) => {
        const whole = Buffer.concat(lines.flatMap((line) => [line, NEWLINE]));
        const bytes = ended ? whole : whole.subarray(0, -1);
        const { log, messages } = cut(cutAt(bytes, cuts));
        // What stands behind the last newline is a line when there is something.
        const wanted = !ended && lines.at(-1)?.length === 0 ? lines.slice(0, -1) : lines;
        expect(log.texts("latin1")).toEqual(wanted.map((line) => `${line.toString("latin1")}\n`));
        expect(log.asciiPromisesKept).toBe(true);
        for (const [at, { ts, stream }] of messages.entries()) {
          expect(isEngineTime(ts) && ts.length === 30).toBe(true);
          expect(stream).toBe(1);
          if (at > 0) expect(ts > messages[at - 1]!.ts).toBe(true);
        }
      }),
    );
  });

  it("keeps no more of a line than it was told to, wherever the borders are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 50 }), (length, size) => {
        const bytes = Buffer.concat([Buffer.alloc(length, "x"), NEWLINE, Buffer.from("next\n")]);
        const sizes = new Array<number>(Math.ceil(bytes.length / size)).fill(size);
        const [first, second] = cut(cutAt(bytes, sizes), 20).log.texts();
        // A line that came in one piece is whole: it costs nothing more.
        expect(first!.length).toBeGreaterThanOrEqual(Math.min(length, 20) + 1);
        if (length > size) expect(first!.length).toBeLessThanOrEqual(Math.max(20, size) + 1);
        expect(second).toBe("next\n");
      }),
    );
  });
});

describe("a pipe's clock", () => {
  it("goes over the end of a second", () => {
    const clock = new LineClock();
    clock.tick();
    let before = clock.next();
    for (let n = 0; n < 100_000; n += 1) {
      if (n % 1000 === 0) clock.tick();
      const now = clock.next();
      if (now <= before) expect(now > before).toBe(true);
      before = now;
    }
  });
});
