import { describe, expect, it } from "vitest";
import { Comparison, type HeldLine } from "./comparison.mjs";

const second = (n: number) => `2026-01-31T00:00:0${n}.000000000Z`;
const nanoseconds = (n: number) => String(BigInt(Date.parse(second(n))) * 1_000_000n);
const everywhere = (n: number) => ({
  id: `a-1-${n}`,
  kind: "all",
  n,
  x: n + 0.5,
  label: n % 3,
  says: "plain",
});

/** A text, an event of two lines, and a line that goes to all outputs. */
const HELD: readonly HeldLine[] = [
  { ts: second(0), stream: "stdout", text: "hello" },
  { ts: second(1), stream: "stdout", text: "Traceback:" },
  { ts: second(2), stream: "stdout", text: "ValueError: a-1-2" },
  { ts: second(3), stream: "stdout", text: JSON.stringify(everywhere(3)) },
];

const common = { container: "a", stream: "stdout" };
const RAW = [
  { ...common, ts: second(0), message: "hello" },
  { ...common, ts: second(1), message: "Traceback:\nValueError: a-1-2" },
  { ...common, ts: second(3), data: everywhere(3) },
];
const TAGGED = [RAW[2]!];
const ROWS = [[second(3), "a-1-3", "3", "plain"]];
const SAMPLE = { file: "samples.npz", id: "a-1-3", features: [3, 3.5], label: 0, time: nanoseconds(3) };

interface Stored {
  readonly raw?: readonly Record<string, unknown>[];
  readonly tagged?: readonly Record<string, unknown>[];
  readonly rows?: readonly (readonly string[])[];
  readonly samples?: readonly (typeof SAMPLE)[];
  readonly complete?: boolean;
}

/** What is found, as `kind output line`. */
function found({
  raw = RAW,
  tagged = TAGGED,
  rows = ROWS,
  samples = [SAMPLE],
  complete = true,
}: Stored): string[] {
  const comparison = new Comparison();
  comparison.hold("a", HELD);
  const at = (line: number) => ({ file: "f", line: line + 1, series: "f" });
  for (const [line, record] of raw.entries()) comparison.record("raw", record, at(line));
  for (const [line, record] of tagged.entries()) comparison.record("tagged", record, at(line));
  for (const [line, row] of rows.entries()) comparison.row(row, at(line));
  for (const sample of samples) comparison.sample(sample);
  comparison.end({ complete });
  return comparison.findings.map(({ kind, output, index }) => `${kind} ${output} ${index ?? "-"}`);
}

describe("the comparison of the torture run", () => {
  it("finds nothing where each line is in its outputs once", () => {
    expect(found({})).toEqual([]);
  });

  it("misses an empty line, unless an event was handed on right behind it: its message has no empty end", () => {
    const missing = (messages: readonly [turn: number, message: string][]) => {
      const comparison = new Comparison();
      const texts = ["Traceback:", "KeyError: 1", "", "hello", ""];
      comparison.hold(
        "a",
        texts.map((text, turn) => ({ ts: second(turn), stream: "stdout", text })),
      );
      for (const [turn, message] of messages)
        comparison.record(
          "raw",
          { ...common, ts: second(turn), message },
          { file: "f", line: turn, series: "f" },
        );
      comparison.end({ complete: true });
      return comparison.findings.map(({ kind, index }) => `${kind} ${index}`);
    };
    expect(
      missing([
        [0, "Traceback:\nKeyError: 1"],
        [3, "hello"],
      ]),
    ).toEqual(["missing 4"]);
    expect(
      missing([
        [0, "Traceback:"],
        [1, "KeyError: 1"],
        [3, "hello"],
        [4, ""],
      ]),
    ).toEqual(["missing 2"]);
  });

  it.each<[string, Stored, string[]]>([
    ["a missing line", { raw: [RAW[1]!, RAW[2]!] }, ["missing raw 0"]],
    ["half an event", { raw: [RAW[0]!, { ...RAW[1], message: "Traceback:" }, RAW[2]!] }, ["missing raw 2"]],
    ["a line twice", { raw: [...RAW, RAW[2]!] }, ["twice raw 3"]],
    [
      "the end of an event twice",
      { raw: [...RAW, { ...common, ts: second(2), message: "ValueError: a-1-2" }] },
      ["twice raw 2", "out of order raw 2"],
    ],
    ["disorder", { raw: [RAW[0]!, RAW[2]!, RAW[1]!] }, ["out of order raw 1", "out of order raw 2"]],
    ["another text", { raw: [{ ...RAW[0], message: "hallo" }, RAW[1]!, RAW[2]!] }, ["changed raw 0"]],
    ["an invented line", { raw: [...RAW, { ...common, ts: second(9), message: "?" }] }, ["unknown raw -"]],
    ["a gap", { raw: [...RAW, { ...common, ts: second(9), event_type: "log_sidecar.gap" }] }, ["gap raw -"]],
    ["a line that is not for tagged", { tagged: [RAW[0]!, RAW[2]!] }, ["misplaced tagged 0"]],
    ["a missing row", { rows: [] }, ["missing summary 3"]],
    ["a wrong row", { rows: [[second(3), "a-1-3", "4", "plain"]] }, ["changed summary 3"]],
    ["a sample twice", { samples: [SAMPLE, { ...SAMPLE, file: "other.npz" }] }, ["twice training 3"]],
    ["a wrong sample", { samples: [{ ...SAMPLE, features: [3, 4] }] }, ["changed training 3"]],
    ["a sample of a wrong time", { samples: [{ ...SAMPLE, time: nanoseconds(4) }] }, ["changed training 3"]],
  ])("finds %s", (_, stored, findings) => {
    expect(found(stored)).toEqual(findings);
  });

  it("lets the end be missing while containers print, and nothing before it", () => {
    const complete = false;
    expect(found({ raw: RAW.slice(0, 2), tagged: [], rows: [], samples: [], complete })).toEqual([]);
    expect(found({ raw: RAW.slice(0, 2), tagged: [], samples: [], complete })).toEqual([
      "missing raw 3",
      "missing training 3",
      "missing tagged 3",
    ]);
  });
});
