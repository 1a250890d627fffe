import { describe, expect, it } from "vitest";
import type { LogRecord } from "../../src/core/record.js";
import { createJoiner } from "../../src/records/joiner.js";
import { createUnderstand } from "../../src/records/understand.js";
import { sampleContainer, sampleLine } from "./samples.js";

/** The records of one stream, as a source puts its lines together: each with what was known when it began. */
function recordsOf(lines: readonly string[]): LogRecord[] {
  const container = sampleContainer();
  const joiner = createJoiner(container);
  const found: { text: string; learned: typeof joiner.learned }[] = [];
  for (const text of lines) {
    const { learned } = joiner;
    const last = found.at(-1);
    if (joiner.relate(text) === "joins" && last !== undefined) last.text += `\n${text}`;
    else found.push({ text, learned });
  }
  const understand = createUnderstand();
  return found.map(({ text, learned }) => {
    const record = understand({ ...sampleLine(text, "stderr"), learned }, container);
    if (record.dataText !== undefined) expect(JSON.parse(record.dataText)).toEqual(record.data);
    return record;
  });
}

/** Of each record the number of its lines, its level, and the first line of its message. */
function outline(text: string): string[] {
  return recordsOf(text.split("\n")).map(
    ({ lines, level, message }) => `${lines} ${level} ${message?.split("\n")[0]}`,
  );
}

const frames = "goroutine 1 [running]:\nmain.main()\n\t/app/main.go:5 +0x1d";

describe("levels of one letter with nothing around them", () => {
  it("are read where the container's lines begin so", () => {
    const lines =
      "T main starting\nD main config read\nI cart 3 items\nW cache slow\nE cart failed\n\tat pay";
    expect(outline(lines).slice(2)).toEqual([
      "1 info cart 3 items",
      "1 warning cache slow",
      "2 error cart failed",
    ]);
  });

  it("are the sentence's own where the lines begin otherwise", () => {
    const lines =
      "Listening\nI am ready\nI have 3 orders\nE coli was found\nListening\nA cat sat\nW 7 is late";
    expect(outline(lines)).toEqual(lines.split("\n").map((line) => `1 info ${line}`));
  });
});

describe("what a Go program dies of", () => {
  it.each([
    [
      "a message of several lines",
      `panic: validation failed:\n  - name: required\nsee docs\n\n${frames}\nexit status 2`,
      "8 critical panic: validation failed:",
    ],
    [
      "one that was caught and thrown again",
      `panic: first [recovered]\n\tpanic: second\n\n${frames}`,
      "6 critical panic: first [recovered]",
    ],
    [
      "logged by a server",
      `2026/11/29 04:27:41 http: panic serving 127.0.0.1:5000: one\ntwo\n${frames}`,
      "5 error http: panic serving 127.0.0.1:5000: one",
    ],
    [
      "logged before the stack",
      `F1129 09:00:00.123456       1 main.go:9] giving up\n${frames}`,
      "4 critical giving up",
    ],
    [
      "a fault",
      `unexpected fault address 0x7f\nfatal error: fault\n[signal SIGSEGV: code=0x1]\n\ngoroutine 1 gp=0xc000006 m=0 mp=0x56 [running]:\nmain.main()\n\t/app/main.go:5 +0x1d`,
      "7 error unexpected fault address 0x7f",
    ],
    [
      "a page of a middleware",
      " panic: boom\n\n -> main.pay\n ->   /app/main.go:21\n\n    main.main\n      /app/main.go:30",
      "7 critical  panic: boom",
    ],
  ])("%s", (_, lines, expected) => {
    expect(outline(`${lines}\n2026/11/29 04:27:42 next`)).toEqual([expected, "1 info next"]);
  });

  it("takes no log line for a part of it", () => {
    expect(outline("panic: gone\n2026-11-29 04:27:40 INFO up again")).toEqual([
      "1 critical panic: gone",
      "1 info up again",
    ]);
  });
});

describe("Java's heads of two lines", () => {
  it.each([
    ["Nov. 29, 2026 4:27:40 AM shop.Cart main\nSCHWERWIEGEND: kaputt", "error kaputt"],
    ["11월 29, 2026 4:27:40 오전 shop.Cart main\n경고: 느림", "warning 느림"],
    ["11月 29, 2026 4:27:40 午前 shop.Cart main\n普通: 遅い", "debug 遅い"],
    ["nov 29, 2026 4:27:40 P.\u00a0M. shop.Cart main\nMUY DETALLADO: lento", "trace lento"],
    ["2026-11-29 04:27:40 [main] shop.Cart.pay()\nERROR: no route", "error no route"],
  ])("%s", (lines, expected) => {
    expect(outline(`${lines}\n${lines}`)).toEqual([`2 ${expected}`, `2 ${expected}`]);
    expect(recordsOf(lines.split("\n"))[0]?.data).toMatchObject({ logger: "shop.Cart" });
  });

  it("a first line without the second is a line as any", () => {
    expect(outline("November 29, 2026 04:27:40 INFO listening\nnext")).toEqual([
      "1 info November 29, 2026 04:27:40 INFO listening",
      "1 info next",
    ]);
  });
});

describe("lines that another program carries", () => {
  it("are read as their own program's, and its name is data", () => {
    const lines = [
      "web-1  | Error: boom",
      "web-1  |     at pay (/app/cart.js:1:2)",
      'api-1  | {"level":"warn","msg":"slow"}',
      "0|shop  | 2026-11-29 04:27:40 ERROR failed",
      "04:27:40 worker | INFO job done",
      "04:27:41 web    |     at pay (/app/cart.js:1:2)",
    ];
    expect(
      recordsOf(lines).map(({ lines: n, level, message, data }) => [n, level, message, data?.["program"]]),
    ).toEqual([
      [2, "error", "Error: boom\n    at pay (/app/cart.js:1:2)", "web-1"],
      [1, "warning", "slow", "api-1"],
      [1, "error", "failed", "shop"],
      [1, "info", "job done", "worker"],
      [1, "info", "    at pay (/app/cart.js:1:2)", "web"],
    ]);
  });

  it.each(["INFO  | started", "id | name", "2026-11-29 | x", "04:27:40 INFO | started", "1 | 2 | 3"])(
    "not in %s",
    (line) => {
      expect(recordsOf([line])[0]?.data?.["program"]).toBeUndefined();
    },
  );
});

it("names stand behind levels that are lined up to the right, and behind spans", () => {
  const lines = " INFO shop::db: connected rows=3\n INFO request{id=3}: shop: done\nERROR shop: failed";
  expect(outline(lines)).toEqual(["1 info connected rows=3", "1 info done", "1 error failed"]);
});

it("a table belongs to the line that announces it, with the empty line behind it", () => {
  const table = ".------+------.\n| Path | Name |\n+------+------+\n| /    | root |\n'------+------'\n";
  expect(outline(`[debug] Loaded paths:\n${table}\n[info] ready`)).toEqual([
    "7 debug Loaded paths:",
    "1 info ready",
  ]);
});

it("details of an error end where lines are not indented", () => {
  const lines =
    "[2026-11-29 04:27:40] ERROR not found\n      Regenerating: 1 file\n\nConfiguration file: x\n   Source: y";
  expect(outline(lines).slice(0, 2)).toEqual(["3 error not found", "2 info Configuration file: x"]);
});

it("a logger's name alone behind the head is no message where that stands below it", () => {
  const [record] = recordsOf(["INFO     2026-11-29 04:27:40,391 [7:MainThread] shop.cart", "  listening"]);
  expect(record).toMatchObject({
    level: "info",
    message: "listening",
    lines: 2,
    data: { logger: "shop.cart" },
  });
});

it("a traceback with the whole head on each line is one record with the line that it is about", () => {
  const head = "2026-11-29 04:27:40.391 7 ERROR shop.cart";
  const lines = [
    `${head} [-] failed: KeyError: 'price'`,
    `${head} Traceback (most recent call last):`,
    `${head}   File "/app/cart.py", line 7, in pay`,
    `${head}     {}["price"]`,
    `${head} KeyError: 'price'`,
    `${head} `,
    `${head} [-] could not reach the bank`,
    "2026-11-29 04:27:40.391 7 INFO shop.cart [-] going on",
  ];
  expect(outline(lines.join("\n"))).toEqual([
    "6 error failed: KeyError: 'price'",
    "1 error could not reach the bank",
    "1 info going on",
  ]);
});
