import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameCutter } from "../../../src/sources/docker/frames.js";
import { borders, printedLines, timeAt } from "../arbitraries.js";
import { cutAt, type Driver, frame, messagesOf } from "../engine-log.js";
import { MessageLog, signatures } from "../message-log.js";

/** Shows the parts as reads of a connection do: several spans of one buffer, then a flush. */
function cut(parts: readonly Buffer[], spansPerRead = 1): MessageLog {
  const log = new MessageLog();
  const cutter = new FrameCutter(log);
  for (let at = 0; at < parts.length; at += spansPerRead) {
    const spans = parts.slice(at, at + spansPerRead);
    // One buffer with other bytes between the spans, as chunk sizes stand between chunks.
    const buffer = Buffer.concat(spans.flatMap((span) => [Buffer.from("1f\r\n"), span]));
    let from = 0;
    for (const span of spans) {
      from += 4;
      cutter.push(buffer, from, from + span.length);
      from += span.length;
    }
    cutter.flush();
    // The memory is used for something else afterwards.
    buffer.fill(0x7a);
  }
  cutter.end();
  return log;
}

describe("cutting frames", () => {
  it.each(["json-file", "local"] as Driver[])(
    "finds the same messages whatever the borders (%s)",
    (driver) => {
      fc.assert(
        fc.property(printedLines, borders, fc.integer({ min: 1, max: 5 }), (printed, cuts, spansPerRead) => {
          const messages = printed.flatMap((line) => messagesOf(line, driver));
          const log = cut(cutAt(Buffer.concat(messages.map(frame)), cuts), spansPerRead);
          expect(log.signatures()).toEqual(signatures(messages));
          expect(log.asciiPromisesKept).toBe(true);
        }),
        { numRuns: 200 },
      );
    },
  );

  it("hands on each byte of a stream that comes one byte at a time", () => {
    const messages = [
      { ts: timeAt(1n), stream: 0 as const, payload: Buffer.from("größer\n") },
      { ts: timeAt(1n), stream: 1 as const, payload: Buffer.alloc(0) },
      { ts: timeAt(2n), stream: 0 as const, payload: Buffer.from("\n") },
    ];
    const bytes = Buffer.concat(messages.map(frame));
    expect(cut(cutAt(bytes, new Array<number>(bytes.length).fill(1))).signatures()).toEqual(
      signatures(messages),
    );
  });

  it("counts more frames in one read than it first has room for", () => {
    const messages = Array.from({ length: 5000 }, (_, n) => ({
      ts: timeAt(BigInt(n)),
      stream: (n % 2) as 0 | 1,
      payload: Buffer.from(`${n}\n`),
    }));
    expect(cut([Buffer.concat(messages.map(frame))]).signatures()).toEqual(signatures(messages));
  });

  it("hands on nothing of a frame that is not whole", () => {
    const whole = frame({ ts: timeAt(1n), stream: 0, payload: Buffer.from("one\n") });
    const half = frame({ ts: timeAt(2n), stream: 0, payload: Buffer.from("two\n") }).subarray(0, -2);
    expect(cut([Buffer.concat([whole, half])]).texts()).toEqual(["one\n"]);
  });

  it.each([
    ["a TTY's text", Buffer.from("2026-01-31T23:59:59.123456789Z hello\r\n")],
    ["a length that no engine sends", Buffer.from([1, 0, 0, 0, 0x7f, 0, 0, 0, 0])],
  ])("refuses %s", (_, bytes) => {
    expect(() => cut([bytes])).toThrow(/no frame header/);
  });

  it.each([
    ["no room for a time", "12345"],
    ["whole seconds, as Podman's", "2026-11-29T05:11:05Z hi\n"],
    ["whole seconds before a long text", `2026-11-29T05:11:05Z {"n":1,"message":"${"x".repeat(60)}"}\n`],
    ["an offset", "2026-11-29T05:11:05.123456789+01:00 hello\n"],
    ["no space behind it", "2026-11-29T05:11:05.123456789Zhello\n"],
  ])("hands on nothing of a frame whose time has %s", (_, payload) => {
    const bytes = Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, payload.length]), Buffer.from(payload)]);
    const before = frame({ ts: timeAt(1n), stream: 0, payload: Buffer.from("one\n") });
    const log = new MessageLog();
    const cutter = new FrameCutter(log);
    const both = Buffer.concat([before, bytes]);
    expect(() => {
      cutter.push(both, 0, both.length);
      cutter.flush();
    }).toThrow(/^a message begins with /);
    expect(log.texts()).toEqual(["one\n"]);
  });
});
