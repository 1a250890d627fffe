import fc from "fast-check";
import { expect, it } from "vitest";
import { ColumnGuess, valueOfCell } from "../../../src/categories/formats/cell-types.js";
import { csvCell } from "../../../src/categories/formats/csv.js";
import { nsToTime } from "../../../src/core/time.js";

function typeOf(cells: readonly string[]) {
  const guess = new ColumnGuess();
  for (const cell of cells) guess.add(cell);
  return guess.type;
}

it.each([
  [["1", "", "-9223372036854775808"], "int64"],
  [["1", "9223372036854775809"], "string"],
  [["0.5", "9007199254740993"], "string"],
  [["1", "0.5", "-inf", "1e-7"], "double"],
  [["1", "-0"], "double"],
  [["1e999"], "string"],
  [["007"], "string"],
  [["+5"], "string"],
  [["1", "true"], "string"],
  [["true", "", "false"], "bool"],
  [["2026-01-31T12:00:00.123456789Z"], "timestamp[ns, tz=UTC]"],
  [["2026-02-30T12:00:00.123456789Z"], "string"],
  [["2026-13-01T12:00:00.123456789Z"], "string"],
  [["9999-01-31T12:00:00.123456789Z"], "string"],
  [["", ""], "string"],
  [[], "string"],
])("cells %j are a column of %s", (cells, name) => {
  expect(typeOf(cells).name).toBe(name);
});

it("finds a type that loses nothing of what a table's cells hold", () => {
  const value = fc.oneof(
    fc.double({ noNaN: true }),
    fc.bigInt(),
    fc.integer(),
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 2n ** 62n }).map(nsToTime),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 3 }), (values) => {
      const cells = values.map(csvCell);
      const type = typeOf(cells);
      const back = cells.map((cell) => valueOfCell(cell, type));
      const text = back.map((each) =>
        type.name.startsWith("timestamp")
          ? nsToTime(each as bigint)
          : typeof each === "string"
            ? each
            : csvCell(each),
      );
      // A double has one zero of two signs, and more ways to be written than one.
      for (const [at, cell] of cells.entries())
        if (text[at] !== cell) expect([type.name, Number(text[at])]).toEqual(["double", Number(cell) + 0]);
    }),
  );
});
