import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namedContainer } from "../../../src/core/container.js";
import { SidecarError } from "../../../src/core/errors.js";
import type { Line } from "../../../src/core/line.js";
import { NOTHING_AHEAD, takeAhead } from "../../../src/sources/nats/ahead.js";
import { readBatch, readHead } from "../../../src/sources/nats/decode.js";
import { encodeBatch } from "../../../src/sources/nats/encode.js";
import { HEADERS, type Message, type SentBatch } from "../../../src/sources/nats/message.js";
import { numbersAfter } from "../../../src/sources/nats/numbers.js";
import { readSubject, subjectOf } from "../../../src/sources/nats/subjects.js";
import { timeAt } from "../arbitraries.js";

const FORMS = [
  { kind: "time", score: 3, named: 1, unnamed: 0, column: 24, process: 7, dotted: 4, timeless: -2 },
  { kind: "level", score: -2, named: 0, unnamed: 4, column: 0 },
];

/** As text is that was decoded from UTF-8. */
const wellFormed = (one: string) => Buffer.from(one).toString("utf8");

const time = fc.nat({ max: 1e9 }).map((ns) => timeAt(BigInt(ns)));
const text = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: "binary", maxLength: 60 }));
/** An event of several lines has their texts, with newlines between. */
const line: fc.Arbitrary<Line> = fc
  .record({
    ts: time,
    stream: fc.constantFrom("stdout" as const, "stderr" as const),
    texts: fc.array(text, { minLength: 1, maxLength: 3 }),
    truncated: fc.boolean(),
    replaced: fc.boolean(),
    learned: fc.constantFrom(undefined, ...FORMS),
  })
  .map(({ texts, ...rest }) => ({
    ...rest,
    text: texts.map((one) => wellFormed(one).replaceAll("\n", "")).join("\n"),
    lines: texts.length,
  }));

const streamAhead = fc.record({
  count: fc.nat(),
  end: fc.option(
    fc.record({ ts: time, count: fc.nat(), since: fc.constant("") }, { requiredKeys: ["ts", "count"] }),
  ),
});

const batches: fc.Arbitrary<SentBatch> = fc
  .record({
    lines: fc.array(line, { maxLength: 30 }),
    gap: fc.option(fc.record({ from: fc.constant(undefined), to: fc.string(), why: text }), {
      nil: undefined,
    }),
    before: fc.option(
      fc.record({
        epoch: fc.constantFrom("none", timeAt(7n)),
        counts: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
      }),
      { nil: undefined },
    ),
    position: fc.jsonValue(),
    ahead: fc.tuple(streamAhead, streamAhead),
    state: fc.constantFrom("open" as const, "ended" as const, "removed" as const),
    name: text,
  })
  .map(({ name, ...batch }) => ({
    ...batch,
    position: batch.position ?? undefined,
    container: namedContainer("c".repeat(64), name),
    bytes: batch.lines.reduce((sum, { text: { length } }) => sum + length, 0),
    after: numbersAfter(batch.before, batch),
  }));

function decode({ headers, data }: Message): SentBatch {
  const head = readHead((name) => headers.get(name) ?? "");
  const { hash: _, ...batch } = readBatch(head, data) as SentBatch & { hash: string };
  return batch;
}

const FROM = { position: "from", ahead: NOTHING_AHEAD } as const;

describe("a message", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const [encoded, ...more] = encodeBatch(batch, FROM);
        expect(more).toEqual([]);
        expect(decode(encoded!.message)).toEqual(JSON.parse(JSON.stringify(batch), (_, value) => value));
      }),
    );
  });

  it("has headers that any client can send: printable ASCII without line ends", () => {
    fc.assert(
      fc.property(batches, (batch) => {
        for (const value of encodeBatch(batch, FROM)[0]!.message.headers.values())
          expect(value).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  it("is one of several when the batch is too much for one: each goes on where the one before it ends", () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 700, max: 1500 }), (batch, limitBytes) => {
        const parts = encodeBatch(batch, FROM, limitBytes).map(({ message }) => {
          expect(message.data.length).toBeLessThanOrEqual(limitBytes);
          return decode(message);
        });
        expect(parts.flatMap(({ lines }) => lines)).toEqual(JSON.parse(JSON.stringify(batch.lines)));
        expect(parts.at(-1)).toMatchObject({ after: batch.after, ahead: batch.ahead, state: batch.state });
        for (const [index, part] of parts.entries()) {
          expect(part.before).toEqual(index === 0 ? batch.before : parts[index - 1]!.after);
          if (index === parts.length - 1) break;
          // Going on behind it is going on at the position before the batch, without what has been sent.
          expect(part.position).toBe("from");
          const rest = parts.slice(index + 1).flatMap(({ lines }) => lines);
          expect(
            takeAhead(part.ahead, { lines: batch.lines, gap: undefined }).unsent.map(({ text: one }) => one),
          ).toEqual(rest.map(({ text: one }) => one));
        }
      }),
    );
  });

  it("holds a line of a megabyte, and what is more than a message can carry is cut", () => {
    const of = (one: string): SentBatch => {
      const lines: Line[] = [
        { ts: timeAt(1n), stream: "stdout", text: one, lines: 1, truncated: false, replaced: false },
      ];
      const after = numbersAfter(undefined, { lines, gap: undefined });
      const container = namedContainer("c", "c");
      return {
        container,
        lines,
        bytes: one.length,
        gap: undefined,
        before: undefined,
        after,
        position: 1,
        ahead: NOTHING_AHEAD,
        state: "open",
      };
    };
    const plain = of("0123456789".repeat(100_000));
    expect(decode(encodeBatch(plain, FROM)[0]!.message).lines[0]!.text).toBe(plain.lines[0]!.text);
    let seed = 1;
    const noise = Array.from({ length: 300_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return String.fromCharCode(0x4e00 + (seed % 20_000));
    }).join("");
    const [cut, ...more] = encodeBatch(of(noise), FROM);
    expect(more).toEqual([]);
    const [left] = decode(cut!.message).lines;
    expect(left).toMatchObject({ truncated: true, lines: 1 });
    expect(left!.text.length).toBeGreaterThan(100_000);
    expect(noise.startsWith(left!.text)).toBe(true);
  });

  it("that was changed, shortened or made up is refused with a code, and never anything else", () => {
    const change = fc.record({
      name: fc.constantFrom(...Object.values(HEADERS)),
      value: fc.oneof(fc.string(), fc.constantFrom("", "1", "2", "1 2", "1 2 3", "none 0 0 -1", "open", "{")),
    });
    fc.assert(
      fc.property(batches, change, fc.nat(), (batch, { name, value }, at) => {
        const { headers, data } = encodeBatch(batch, FROM)[0]!.message;
        const torn = Uint8Array.from(data);
        torn[at % torn.length]! ^= 1 + (at % 255);
        for (const attempt of [
          { headers: new Map([...headers, [name, value]]), data },
          { headers, data: torn },
          { headers, data: data.subarray(0, at % data.length) },
        ]) {
          try {
            decode(attempt);
          } catch (error) {
            expect(error).toBeInstanceOf(SidecarError);
            expect(["NATS_MESSAGE", "NATS_NEWER"]).toContain((error as SidecarError).code);
          }
        }
        expect(() => decode({ headers, data: torn })).toThrow("not what was sent");
      }),
    );
  });

  it("of a newer format says so", () => {
    expect(() => readHead((name) => (name === HEADERS.format ? "2" : ""))).toThrow(
      expect.objectContaining({ code: "NATS_NEWER" }),
    );
  });
});

describe("a subject", () => {
  it("has host and container in two parts that any server takes, whatever they are", () => {
    const names = fc.string({ unit: "binary", minLength: 1, maxLength: 20 }).map(wellFormed);
    fc.assert(
      fc.property(names, names, (host, containerId) => {
        const subject = subjectOf("logs.eu", { host, containerId });
        expect(subject).toMatch(/^logs\.eu\.[A-Za-z0-9=_-]+\.[A-Za-z0-9=_-]+$/);
        expect(readSubject("logs.eu", subject)).toEqual({ host, containerId });
      }),
    );
  });

  it.each(["other.a.b", "logs.eu.a", "logs.eu.a.b.c", "logs.eu.a.=zz", "logs.eu..b"])(
    "is not %s",
    (subject) => {
      expect(readSubject("logs.eu", subject)).toBeUndefined();
    },
  );
});
