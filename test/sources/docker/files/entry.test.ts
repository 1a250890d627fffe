import fc from "fast-check";
import { expect, it } from "vitest";
import { type Entry, readJsonEntry } from "../../../../src/sources/docker/files/entry.js";
import { EntryCutter } from "../../../../src/sources/docker/files/entry-cutter.js";
import { JSON_FILE } from "../../../../src/sources/docker/files/log-format.js";
import { borders, printedLines, timeAt } from "../../arbitraries.js";
import { entryOf } from "../../engine-files.js";
import { cutAt, messagesOf } from "../../engine-log.js";
import { MessageLog, signatures } from "../../message-log.js";

function read(text: string): Entry | undefined {
  return readJsonEntry(Buffer.from(text).toString("latin1"), false);
}

it("entries are the messages that the log API sends, whatever the borders, each with its place", () => {
  fc.assert(
    fc.property(printedLines, borders, (printed, cuts) => {
      const messages = printed.flatMap((line) => messagesOf(line, "json-file"));
      const entries = messages.map((message) => Buffer.from(entryOf(message)));
      const log = new MessageLog();
      const places: number[] = [];
      let damaged = 0;
      const cutter = new EntryCutter(7, JSON_FILE, {
        entry: ({ ts, stream, raw, ascii }, offset) => {
          log.message(ts, stream, raw, ascii);
          places.push(offset - 7);
        },
        damaged: () => {
          damaged += 1;
        },
      });
      for (const part of cutAt(Buffer.concat(entries), cuts)) cutter.push(part);
      expect(log.signatures()).toEqual(signatures(messages));
      expect(log.asciiPromisesKept).toBe(true);
      expect(damaged).toBe(0);
      let end = 0;
      expect(places).toEqual(entries.map(({ length }) => (end += length)));
    }),
    { numRuns: 200 },
  );
});

it("times have nine digits, though the file leaves zeros at their end out", () => {
  const ends = ["00Z", "00.1Z", "00.12345678Z", "00.123456789Z"];
  const times = ends.map(
    (end) => read(`{"log":"x\\n","stream":"stdout","time":"2026-11-29T05:11:${end}"}`)?.ts,
  );
  expect(times).toEqual([
    "2026-11-29T05:11:00.000000000Z",
    "2026-11-29T05:11:00.100000000Z",
    "2026-11-29T05:11:00.123456780Z",
    "2026-11-29T05:11:00.123456789Z",
  ]);
});

const TIME = timeAt(123_456_789n);

it.each([
  [
    "attributes",
    `{"log":"hello\\n","stream":"stderr","attrs":{"a":"\\",\\"stream\\":\\"stdout\\"","time":"x"},"time":"${TIME}"}`,
  ],
  ["half an entry before it", `{"log":"half {"log":"hello\\n","stream":"stderr","time":"${TIME}"}`],
  ["zeros before it", `\0\0\0{"log":"hello\\n","stream":"stderr","time":"${TIME}"}`],
])("an entry with %s is read", (_, text) => {
  expect(read(text)).toMatchObject({ ts: TIME, stream: 1, raw: "hello\n" });
});

it("an entry without a text is an empty message", () => {
  expect(read(`{"stream":"stdout","time":"${TIME}"}`)).toMatchObject({ raw: "", stream: 0 });
});

it.each([
  "",
  "hello",
  "\0\0\0",
  '{"log":"half',
  `{"log":"x","stream":"stdin","time":"${TIME}"}`,
  '{"log":"x","stream":"stdout","time":"2026-11-29T05:11:00+01:00"}',
  '{"log":"x","stream":"stdout","time":"yesterday"}',
  `{"log":17,"stream":"stdout","time":"${TIME}"}`,
])("%j is none", (text) => {
  expect(read(text)).toBeUndefined();
});

/** What is cut, damage as `-`. */
function cut(parts: readonly (string | Buffer)[], end: boolean): string[] {
  const found: string[] = [];
  const cutter = new EntryCutter(0, JSON_FILE, {
    entry: ({ raw }) => found.push(raw),
    damaged: () => found.push("-"),
  });
  for (const part of parts) cutter.push(Buffer.from(part));
  if (end) cutter.end();
  return found;
}

const BEHIND = entryOf({ ts: TIME, stream: 0, payload: Buffer.from("behind\n") });

it("a line that never ends is damage, and what is behind it is read", () => {
  const endless = Array.from({ length: 5 }, () => Buffer.alloc(300_000, "x"));
  const found = cut([...endless, `\n${BEHIND}`], false);
  expect(found.at(-1)).toBe("behind\n");
  expect(new Set(found.slice(0, -1))).toEqual(new Set(["-"]));
});

it("at a file's end an entry without its line end is one, and half of one is damage", () => {
  const half = BEHIND.slice(0, 30);
  expect(cut([BEHIND, half], false)).toEqual(["behind\n"]);
  expect(cut([BEHIND, half], true)).toEqual(["behind\n", "-"]);
  expect(cut([BEHIND.trimEnd()], true)).toEqual(["behind\n"]);
  expect(cut([BEHIND], true)).toEqual(["behind\n"]);
});
