import { describe, expect, it } from "vitest";
import { createJoiner } from "../../src/records/joiner.js";
import { createUnderstand } from "../../src/records/understand.js";
import { isSlow } from "../cpu-time.js";
import { sampleContainer, sampleLine } from "./samples.js";

const LENGTH = 100_000;
/** Patterns whose cost grows with the square of the line take seconds here; linear ones a few milliseconds. */
const LIMIT_MS = 250;

const beginnings = [
  "",
  "{",
  '{"a":"',
  "2026-01-31 12:00:00.123 UTC [1] ",
  "2026-01-31 12:00:00,123 - ",
  '1.2.3.4 - - [31/Jan/2026:12:00:00 +0000] "',
  '1.2.3.4 - - [31/Jan/2026:12:00:00 +0000] "GET /" 200 1 "',
  "<34>1 t h a p m [",
  'Exception in thread "',
  "java.lang.",
  "    at ",
  "main.",
  "x:1:in '",
  "GET /",
  "1.2.3.4 200 GET /a ",
  'GET /a 200 "',
  "method=GET path=/a ",
  "msg=a ",
  'level=info a="',
  "2026/01/31 12:00:00 [error] 1#1: *1 ",
  "/app/a",
  "{ level: 'a', message: '",
  '<Event level="INFO"><Message>',
  "Debug: a, ",
  "2026-01-31 12:00:00 [a=1 ",
  "[2026-01-31 12:00:00 UTC] LOG ",
];
const pieces = [
  ...'a1 \t"\\.:[](){}<=/#-^|\r',
  ...[
    "a ",
    "a=1 ",
    'a="',
    "a.",
    "a:1:",
    "x:1:in 'y': ",
    "at (",
    "Error: ",
    " - ",
    '\\"',
    "1%\r",
    "NaN ",
    "[a]",
  ],
  ...["\u001b[", "\u001b]", "\n", "\n at ("],
];

describe("lines made to stall", () => {
  it.each(beginnings)("take time linear in their length: %s…", (beginning) => {
    const container = sampleContainer();
    const understand = createUnderstand();
    const found: string[] = [];
    for (const piece of pieces) {
      const text = `${beginning}${piece.repeat(LENGTH / piece.length)}`;
      for (const line of [text, `${text}}`, `${text}'`]) {
        if (isSlow(LIMIT_MS, () => understand(sampleLine(line, "stderr"), container)))
          found.push(`understand ${piece}`);
        if (isSlow(LIMIT_MS, () => relateBehindTrouble(line))) found.push(`joiner ${piece}`);
      }
    }
    expect(found).toEqual([]);
  });
});

function relateBehindTrouble(line: string): void {
  const joiner = createJoiner(sampleContainer());
  for (const before of ["ERROR panic", "panic: x", "goroutine 1 [running]:", "app.rb:1:in `f': x (E)"]) {
    joiner.reset();
    joiner.relate(before);
    joiner.relate(line);
  }
}
