import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TtyCutter } from "../../../src/sources/docker/tty.js";
import { borders, printedLines, timeAt } from "../arbitraries.js";
import { cutAt, type Driver, type Message, messagesOf, type Printed, ttyText } from "../engine-log.js";
import { MessageLog, signatures } from "../message-log.js";

function cut(parts: readonly Buffer[]): MessageLog {
  const log = new MessageLog();
  const cutter = new TtyCutter(log);
  for (const part of parts) {
    cutter.push(part, 0, part.length);
    cutter.flush();
    part.fill(0x7a);
  }
  cutter.end();
  return log;
}

/** As a terminal prints them: one stream, line ends of two bytes. */
function onTerminal(printed: readonly Printed[], driver: Driver): Message[] {
  return printed.flatMap(({ ts, bytes, ended }) =>
    messagesOf({ ts, stream: 0, ended, bytes: Buffer.concat([bytes, Buffer.from("\r")]) }, driver),
  );
}

describe("cutting the text of a TTY", () => {
  it.each(["json-file", "local"] as Driver[])(
    "finds the same messages whatever the borders (%s)",
    (driver) => {
      fc.assert(
        fc.property(printedLines, borders, (printed, cuts) => {
          const messages = onTerminal(printed, driver);
          const log = cut(cutAt(Buffer.concat(messages.map(ttyText)), cuts));
          expect(log.signatures()).toEqual(signatures(messages));
          expect(log.asciiPromisesKept).toBe(true);
        }),
        { numRuns: 200 },
      );
    },
  );

  it("does not take an app's own time in a line for the engine's", () => {
    const line = `${timeAt(5n)} my own time ${timeAt(6n)} again\r\n`;
    // An app prints its time before the engine stamps the line.
    const messages = [7n, 8n].map((ns) => ({
      ts: timeAt(ns),
      stream: 0 as const,
      payload: Buffer.from(line),
    }));
    expect(cut([Buffer.concat(messages.map(ttyText))]).signatures()).toEqual(signatures(messages));
  });

  it("hands on what a container printed last, without a line end", () => {
    const last = { ts: timeAt(1n), stream: 0 as const, payload: Buffer.from("$ ") };
    expect(cut([ttyText(last)]).signatures()).toEqual(signatures([last]));
  });

  it("refuses what does not begin with a time", () => {
    expect(() => cut([Buffer.from("Error grabbing logs: unexpected EOF, and so on\n")])).toThrow(
      /no message begins with .*Error grabbing logs/,
    );
  });
});
