import { expect, it } from "vitest";
import { TtyCutter } from "../../../src/sources/docker/tty.js";
import { PIECE_BYTES } from "../../../src/sources/messages.js";

const FIRST = "2026-01-31T23:59:58.000000001Z";
const SECOND = "2026-01-31T23:59:59.000000001Z";
const EARLIER = "2026-01-31T23:59:57.999999999Z";
const piece = "p".repeat(PIECE_BYTES);

/** The messages that come out, whatever the borders between chunks. */
function messagesOf(log: string, chunk: number): [string, string][] {
  const found: [string, string][] = [];
  const cutter = new TtyCutter({ message: (ts, _stream, raw) => found.push([ts, raw]) });
  for (let at = 0; at < log.length; at += chunk) {
    const part = Buffer.from(log.slice(at, at + chunk), "latin1");
    cutter.push(part, 0, part.length);
  }
  return found;
}

it.each<[string, string, string]>([
  ["a line of which a container printed the beginning", "half a li", "next\r\n"],
  ["a line in which the app says when it printed it", `half at ${EARLIER} a li`, `at ${FIRST} next\r\n`],
  ["the beginning of a long line", `${piece}${"é".repeat(99)}`, "next\r\n"],
  ["nothing but a time", "", "next\r\n"],
])("ends %s where the next message's time stands", (_, half, next) => {
  for (const chunk of [1, 7, 40, 8_000, 1e6]) {
    expect(messagesOf(`${FIRST} ${half}${SECOND} ${next}`, chunk)).toEqual([
      [FIRST, half],
      [SECOND, next],
    ]);
  }
});

it("leaves times that apps print in their lines", () => {
  const line = `started at ${EARLIER} and printed at ${FIRST} ok\r\n`;
  expect(messagesOf(`${FIRST} ${line}${SECOND} ${line}`, 1e6)).toEqual([
    [FIRST, line],
    [SECOND, line],
  ]);
});
