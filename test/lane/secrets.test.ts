import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadMachine, STOP, setTraces } from "../../src/lane/machine.js";
import { mayHoldSecret } from "../../src/records/redact/suspicion.js";
import { TRACE_SIGNS } from "../../src/records/redact/traces.js";
import { JSON_CASES, SERVICE_SECRETS, TEXT_CASES } from "../records/redact/cases.js";
import { EVERYDAY_SECRETS } from "../records/redact/everyday.js";
import { plantedLines } from "../records/redact/planted.js";

const machine = loadMachine()!;
setTraces(machine, TRACE_SIGNS);

/** Whether the module asks about the line before it looks at it, or hands it on without calling it clear. */
function asks(line: string): boolean {
  const { exports, bytes } = machine;
  exports.forget();
  exports.setCleared(0);
  const start = exports.INPUT.value;
  const length = bytes.write(`${line}\n`, start);
  const stop = exports.process(start, start + length);
  if (stop === STOP.judge) return true;
  // Reasons 1 to 3: no JSON, coloured, not UTF-8.
  return stop === STOP.long && exports.reason.value <= 3 && !exports.isClear.value;
}

/** As a value, as an object's rest, and as a text. */
function linesOf(text: string): string[] {
  const flat = text.replaceAll("\n", " ");
  return [JSON.stringify({ a: text }), `{"a":1,${flat.slice(1)}`, flat];
}

const SECRETS = [
  ...SERVICE_SECRETS,
  ...TEXT_CASES.map(([, text]) => text),
  ...JSON_CASES.map(([, text]) => text),
  ...Object.values(EVERYDAY_SECRETS).flat(),
  ...plantedLines(3_000).text.trimEnd().split("\n"),
];

describe("the lane's look for secrets", () => {
  it("sees whatever the search for secrets may see", () => {
    const missed = SECRETS.flatMap(linesOf).filter((line) => mayHoldSecret(line) && !asks(line));
    expect(missed).toEqual([]);
  });

  it("does so wherever they stand", () => {
    const secret = fc.constantFrom(...SECRETS);
    const around = fc.string({ unit: fc.constantFrom(..."ab1 -_.:/\"'\\,{}=@é한"), maxLength: 40 });
    fc.assert(
      fc.property(around, secret, around, (before, text, behind) => {
        const cut = text.slice(0, 10 + ((before.length * 7) % 60));
        for (const line of linesOf(`${before}${cut}${behind}`))
          expect(!mayHoldSecret(line) || asks(line)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it("calls what no secret can be in clear, text and objects", () => {
    const lines = ["2026-11-29 09:00:00,123 INFO shop.orders: order 7 placed", '{"order":7,"text":"placed"}'];
    expect(lines.map(asks)).toEqual([false, false]);
    expect(asks("\u001b[32mINFO\u001b[0m placed")).toBe(true);
  });
});
