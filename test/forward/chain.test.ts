import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namedContainer } from "../../src/core/container.js";
import type { Line } from "../../src/core/line.js";
import type { Gap, LineBatch } from "../../src/core/source.js";
import { Chain } from "../../src/forward/chain.js";
import type { Last } from "../../src/forward/chains.js";
import { NOTHING_AHEAD } from "../../src/sources/nats/ahead.js";
import { readHead } from "../../src/sources/nats/decode.js";
import type { Encoded } from "../../src/sources/nats/encode.js";
import { timeAt } from "../sources/arbitraries.js";

const container = namedContainer("a", "api");

interface Printed {
  readonly text: string;
  readonly stream: Line["stream"];
  readonly ts: string;
}

/** Lines of two streams, some of them in the same nanosecond; texts that hardly can be compressed. */
const logs: fc.Arbitrary<Printed[]> = fc
  .array(
    fc.record({
      isStdout: fc.boolean(),
      pause: fc.nat({ max: 3 }),
      salt: fc.bigInt({ min: 1n << 120n, max: 1n << 128n }),
    }),
    {
      minLength: 2,
      maxLength: 40,
    },
  )
  .map((rows) => {
    let at = 1_000_000_000n;
    return rows.map(({ isStdout, pause, salt }, index) => {
      at += BigInt(pause);
      const text = `${index} ${salt.toString(36)}`;
      return { text, stream: isStdout ? "stdout" : "stderr", ts: timeAt(at) } as const;
    });
  });

/** The position behind a line is its place in the log. */
function batchOf(lines: readonly Printed[], position: number, gap?: Gap): LineBatch {
  const whole = lines.map((one) => ({ ...one, lines: 1, truncated: false, replaced: false }));
  return { container, lines: whole, bytes: 0, gap, position, state: "open" };
}

/** What a forwarder finds in the stream after these. */
function lastOf(sent: readonly Encoded[]): Last | undefined {
  const message = sent.at(-1)?.message;
  if (message === undefined) return undefined;
  const head = readHead((name) => message.headers.get(name) ?? "");
  return { sequence: sent.length, head: { ...head, name: container.name } };
}

describe("a chain of messages", () => {
  it("goes on where a batch was sent in part, also when rotation has removed the place: no line twice, none lost that is there", () => {
    let removedSome = 0;
    let wentOn = 0;
    const lives = fc.array(
      fc.record({
        batch: fc.integer({ min: 5, max: 30 }),
        sent: fc.integer({ min: 1, max: 4 }),
        removed: fc.nat({ max: 9 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(logs, lives, (log, all) => {
        const stream: Encoded[] = [];
        let start = 0;
        /** Lines that were gone before they were sent. */
        const lost = new Set<string>();
        for (const { batch, sent, removed } of [...all, { batch: 50, sent: 99, removed: 0 }]) {
          const last = lastOf(stream);
          const chain = new Chain(last, 0, 240);
          let at = Number(last?.head?.position ?? 0);
          const have = new Set(stream.flatMap(({ batch: { lines } }) => lines.map(({ text }) => text)));
          start = Math.min(log.length, Math.max(start, removed === 0 ? 0 : at + removed - 3));
          // A file of the log ends anywhere but between lines of one nanosecond: nobody could tell these apart.
          while (start < log.length && log[start]!.ts === log[start - 1]?.ts) start += 1;
          for (const { text } of log.slice(0, start)) if (!have.has(text)) lost.add(text);
          let left = sent;
          if (last?.head?.ahead.some(({ count }) => count > 0) === true) {
            wentOn += 1;
            if (start > at) removedSome += 1;
          }
          while (at < log.length && left > 0) {
            const from = Math.max(at, start);
            const end = Math.min(log.length, from + batch);
            const gap = { from: log[at - 1]?.ts, to: log[from]?.ts, why: "removed" };
            const messages = chain.encode(batchOf(log.slice(from, end), end, from > at ? gap : undefined));
            // Killed between two of them.
            stream.push(...messages.slice(0, left));
            left -= messages.length;
            at = end;
          }
        }
        const texts = stream.flatMap(({ batch: { lines } }) => lines.map(({ text }) => text));
        expect(new Set(texts).size).toBe(texts.length);
        expect(log.filter(({ text }) => !lost.has(text) && !texts.includes(text))).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(wentOn).toBeGreaterThan(30);
    expect(removedSome).toBeGreaterThan(10);
  });

  it("knows an event of several lines by its last one, behind a gap", () => {
    const line = (at: number, text: string, lastAt?: number): Line => ({
      ts: timeAt(BigInt(at)),
      ...(lastAt !== undefined && { lastTs: timeAt(BigInt(lastAt)) }),
      stream: "stdout",
      text,
      lines: text.split("\n").length,
      truncated: false,
      replaced: false,
    });
    const chain = new Chain(undefined, "start", 240);
    const batch = { container, bytes: 0, gap: undefined, position: "end", state: "open" } as const;
    const salt = (of: string) => createHash("sha512").update(of).digest("base64");
    const trace = line(1, `trace\none ${salt("one")}\ntwo\nthree`, 4);
    const [first] = chain.encode({
      ...batch,
      lines: [trace, line(5, "next"), line(6, salt("other"))],
    });
    expect(first!.batch).toMatchObject({ lines: [trace], position: "start" });
    // The trace has lost its beginning: what is left of it was sent.
    const again = new Chain(lastOf([first!]), "start", 10_000);
    const gap = { from: undefined, to: timeAt(3n), why: "removed" };
    const left = [line(3, "two"), line(4, "three"), line(5, "next"), line(2, "the clock was set back")];
    const [second, ...more] = again.encode({ ...batch, lines: left, gap });
    expect(more).toEqual([]);
    expect(second!.batch).toMatchObject({ lines: left.slice(2), gap, ahead: NOTHING_AHEAD, position: "end" });
  });
});
