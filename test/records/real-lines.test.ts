import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Line } from "../../src/core/line.js";
import type { LogRecord } from "../../src/core/record.js";
import { createJoiner } from "../../src/records/joiner.js";
import { createUnderstand } from "../../src/records/understand.js";
import { sampleContainer, sampleLine } from "./samples.js";

/**
 * What some 220 programs and configurations of them printed on each stream, in configurations that no rule was written for, and what is right for it: of each
 * record the number of its lines, its level, and the first line of its message, as the program's developer reads it. Lines in files that begin with
 * `defined_` were written by the definition of the program's format, since the program could not be run.
 */
const folder = new URL("../fixtures/real-lines/", import.meta.url);
const files = readdirSync(folder).filter((name) => /\.(?:out|err)$/.test(name));
/** Of all records; those that are not can't be told by their lines (two programs on one stream, formats changed amid the run). */
const LEAST = 0.95;
/** Loggers of one word with nothing to set them off, a node and pairs behind the level, tags behind a request's id: one line says too little. They count among all the others. */
const HARD = new Set([
  "aiohttp_fmt.err",
  "elixir_full.out",
  "hapi_good.out",
  "jul_b.err",
  "tracing_notime.out",
]);

function linesOf(name: string): string[] {
  const text = readFileSync(new URL(name, folder), "utf8");
  return text.replace(/\n$/, "").split("\n");
}

/** As a source puts them together, each with the form that was known when it began. */
function recordsOf(name: string): LogRecord[] {
  const container = sampleContainer();
  const joiner = createJoiner(container);
  const found: Line[] = [];
  for (const text of linesOf(name)) {
    const { learned } = joiner;
    const last = found.at(-1);
    if (joiner.relate(text) === "joins" && last !== undefined) {
      found[found.length - 1] = { ...last, text: `${last.text}\n${text}`, lines: last.lines + 1 };
    } else {
      found.push({ ...sampleLine(text, name.endsWith(".err") ? "stderr" : "stdout"), lines: 1, learned });
    }
  }
  const understand = createUnderstand();
  return found.map((line) => understand(line, container));
}

/** Each record by the number of the line at which it begins. */
function outline(rows: readonly (readonly [lines: number, rest: string])[]): Map<number, string> {
  let at = 0;
  return new Map(
    rows.map(([lines, rest]) => {
      const row: [number, string] = [at, `${lines}\t${rest}`];
      at += lines;
      return row;
    }),
  );
}

function rightOf(name: string): { readonly right: number; readonly of: number } {
  const read = outline(
    recordsOf(name).map(({ lines, level, message }) => [
      lines,
      `${level}\t${(message ?? "").split("\n")[0]?.trim()}`,
    ]),
  );
  const expected = outline(
    linesOf(`${name}.expected`).map((row) => {
      const [lines = "", level, ...message] = row.split("\t");
      return [Number(lines), `${level}\t${message.join("\t").trim()}`];
    }),
  );
  const right = [...expected].filter(([at, row]) => read.get(at) === row).length;
  return { right, of: expected.size };
}

describe("lines of programs that were not described", () => {
  it("are right, nearly all", () => {
    const shares = files.map((name) => ({ name, ...rightOf(name) }));
    const right = shares.reduce((sum, share) => sum + share.right, 0);
    const of = shares.reduce((sum, share) => sum + share.of, 0);
    const wrong = shares.filter((share) => share.right < share.of).map((s) => `${s.name} ${s.right}/${s.of}`);
    expect(right / of, wrong.join(", ")).toBeGreaterThanOrEqual(LEAST);
  });

  it.each(files.filter((name) => !HARD.has(name)))("%s: most of them", (name) => {
    const { right, of } = rightOf(name);
    expect(right / of).toBeGreaterThanOrEqual(0.5);
  });
});
