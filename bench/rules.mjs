/** What it costs to classify a line, by the number and kind of rules; and what the worst regular expressions cost. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { namedContainer } from "../dist/core/container.js";
import { createUnderstand } from "../dist/records/understand.js";
import { readFolder } from "../dist/rules/folder.js";
import { compileRules } from "../dist/rules/load.js";
import { compilePattern } from "../dist/rules/match/regexp/compile-pattern.js";
import { lineAt } from "./lines.mjs";
import { nsEach, table } from "./pairs.mjs";

export const title = "rules: CPU nanoseconds to classify a line";

const COUNTS = [5, 100, 3000];
const RECORDS = 5_000;

/** Matches by kind; `miss` is true where no line of the scenario may match. */
const KINDS = {
  equality: (n) => `{ event_type: event_${n}, user: user_${n} }`,
  contains: (n) => `{ message|contains: 'order ${n} was refused' }`,
  keywords: (n) => `['secret phrase ${n}', 'other phrase ${n}']`,
  "absent field": (n) => `{ field_${n}: value_${n} }`,
  regex: (n) => `{ message|re: 'order ${n} (was|is) refused by [a-z]+$' }`,
};

export async function measure({ quick, scratch, say }) {
  const container = namedContainer("stdin", "stdin");
  const understand = createUnderstand();
  const records = Array.from({ length: quick ? RECORDS / 5 : RECORDS }, (_, index) => {
    const text = lineAt(index).trimEnd();
    return understand(
      {
        ts: "2026-01-31T00:00:00.000000000Z",
        stream: "stdout",
        text,
        lines: 1,
        truncated: false,
        replaced: false,
      },
      container,
    );
  });
  const rows = [];
  for (const [kind, matchOf] of Object.entries({ ...KINDS, mixed: mixed })) {
    const cells = [];
    for (const hit of [false, true]) {
      for (const count of COUNTS) {
        const rules = await compile(join(scratch, "rules"), count, matchOf, hit);
        cells.push(
          nsEach(records.length, () => {
            for (const record of records) rules.classify(record);
          }).toFixed(0),
        );
      }
    }
    rows.push([kind, ...cells]);
  }
  const head = COUNTS.map((count) => `${count}`);
  say(table(["rules, none matches | the last matches", ...head, ...head], rows));
  say("");
  say(
    table(
      ["pattern on a line of 64 KiB", "ms"],
      PATTERNS.map(([source, text]) => [source, patternMs(source, text)]),
    ),
  );
}

function mixed(n) {
  const kinds = Object.values(KINDS);
  return kinds[n % kinds.length](n);
}

/** Rules that no line matches and, with `hit`, a last one that each line does. */
async function compile(folder, count, matchOf, hit) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const text = Array.from({ length: count }, (_, n) => {
    const match = hit && n === count - 1 ? "{ stream: stdout }" : matchOf(n);
    return `  - { id: r${n}, match: ${match}, to: { raw: {} } }`;
  });
  writeFileSync(join(folder, "generated.yaml"), `rules:\n${text.join("\n")}\n`);
  return compileRules(await readFolder(folder));
}

const LONG = 64 * 1024;
const PATTERNS = [
  ["^(a+)+$", `${"a".repeat(LONG)}b`],
  ["(.*a){20}", "b".repeat(LONG)],
  ["(.*a){20}$", `${"a".repeat(LONG)}b`],
  ["a.{0,100}c$", "a".repeat(LONG)],
  ["a.{0,200}c$", "a".repeat(LONG)],
  ["(x+x+)+y", "x".repeat(LONG)],
];

function patternMs(source, text) {
  const pattern = compilePattern(source);
  return (nsEach(1, () => pattern.test(text), 5) / 1e6).toFixed(1);
}
