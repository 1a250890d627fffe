import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { captured } from "./captured.js";

const realLines = new URL("../fixtures/real-lines/", import.meta.url);

/** The lines of all programs that were captured, a list for each file. */
export function allCaptured(): string[][] {
  const real = readdirSync(realLines)
    .filter((name) => /\.(?:out|err)$/.test(name))
    .map((name) => readFileSync(new URL(name, realLines), "utf8").replace(/\n$/, "").split("\n"));
  const here = ["lines", "traces"].flatMap((folder) =>
    readdirSync(new URL(`captured/${folder}`, import.meta.url)).map((name) =>
      captured(`${folder}/${name.replace(/\.txt$/, "")}`),
    ),
  );
  return [...real, ...here];
}

/** What tells pieces of lines apart. */
const ODD = [
  ...[
    " ",
    "  ",
    "\t",
    ":",
    ": ",
    " - ",
    " -- ",
    "[",
    "]",
    "(",
    ")",
    "|",
    "=",
    '"',
    "'",
    ".",
    ",",
    "-",
    "{",
    "}",
    "<",
  ],
  ...[
    ">",
    "#",
    "ERROR",
    "info ",
    "WARN ",
    " AM",
    " UTC",
    "12:00:01",
    "2026-01-31 09:00:00",
    "✖ ",
    "⚠  warning  ",
  ],
  ...[
    "é",
    "로그",
    "\u001b[31m",
    " at x.js:1",
    "77 ",
    "GET /x",
    " 200 ",
    "Error: ",
    "x=1",
    "\r",
    "\u00a0",
    "\ud800",
  ],
];

/** A change of a line: near its beginning something is put in, left out or put in the place of something. */
const change = fc.record({
  at: fc.nat(60),
  without: fc.nat(3),
  odd: fc.constantFrom(...ODD),
});

function changed(line: string, changes: readonly { at: number; without: number; odd: string }[]): string {
  return changes.reduce((text, { at, without, odd }) => {
    return text.slice(0, at) + odd + text.slice(at + without);
  }, line);
}

/** Some lines of one program in their order, of which every other one is changed. */
export const someLines: fc.Arbitrary<string[]> = fc
  .record({
    lines: fc.constantFrom(...allCaptured()),
    from: fc.nat(),
    changes: fc.array(fc.array(change, { maxLength: 3 }), { minLength: 30, maxLength: 30 }),
  })
  .map(({ lines, from, changes }) =>
    changes.flatMap((each, at) => {
      const line = lines[(from + at) % lines.length] as string;
      return [line, changed(line, each)];
    }),
  );
