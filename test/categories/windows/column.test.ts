import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ColumnNumbers as Column,
  type ColumnNumbers,
  emptyColumn,
  storedColumnSchema,
} from "../../../src/categories/windows/column.js";

function columnOf(values: readonly unknown[]): ColumnNumbers {
  const column = emptyColumn(true);
  for (const value of values) column.add(value);
  return column;
}

function restored(column: ColumnNumbers): ColumnNumbers {
  return Column.restore(storedColumnSchema.parse(JSON.parse(column.text())), true);
}

/** What stands at the place of a share among the sorted values: numpy's and pandas' `lower`. */
function lower(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;
}

const SHARES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;
const NAMES = ["p50", "p95", "p99"] as const;

/** Numbers between 0 and 1, the same at each run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe("a column's numbers", () => {
  it("are finite numbers and texts that are numbers; all else is left out", () => {
    const column = columnOf([
      1,
      "2.5",
      "-3e1",
      " 4",
      "five",
      "",
      null,
      undefined,
      true,
      [6],
      { a: 7 },
      NaN,
      Infinity,
      "1e999",
    ]);
    expect([column.get("count"), column.get("sum"), column.get("min"), column.get("max")]).toEqual([
      3, -26.5, -30, 2.5,
    ]);
  });

  it("without any there is a count and a sum", () => {
    const column = columnOf(["none"]);
    expect(["count", "sum", "mean", "min", "max", "p50"].map((name) => column.get(name as "sum"))).toEqual([
      0,
      0,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(restored(column).text()).toBe("0");
  });

  it("add up without what rounding loses", () => {
    expect(columnOf([1, 1e100, 1, -1e100]).get("sum")).toBe(2);
    const tenths = columnOf(Array.from({ length: 200_000 }, () => 0.1));
    expect(tenths.get("sum")).toBe(20_000);
    expect(tenths.get("mean")).toBe(0.1);
  });

  it("can add up to more than a double holds", () => {
    const column = columnOf([Number.MAX_VALUE, Number.MAX_VALUE, 1]);
    for (const one of [column, restored(column)]) {
      expect([one.get("sum"), one.get("max"), one.get("count")]).toEqual([Infinity, Number.MAX_VALUE, 3]);
      expect(Math.abs(one.get("p50")! / Number.MAX_VALUE - 1)).toBeLessThan(0.01);
    }
  });

  it("of one value, or equal ones, have it as each percentile", () => {
    for (const value of [0, 0.1, -7, 123_456.789]) {
      const column = columnOf([value, value]);
      expect(NAMES.map((name) => column.get(name))).toEqual([value, value, value]);
    }
  });

  const next = random(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const DISTRIBUTIONS: Readonly<Record<string, () => number>> = {
    uniform: () => next() * 100,
    "normal around zero": normal,
    "log-normal": () => Math.exp(3 * normal()),
    "all negative": () => -Math.exp(normal()),
    "integers with many zeros": () => Math.max(0, Math.floor(normal() * 5)),
    "tiny and huge": () => 10 ** (next() * 16 - 8),
    "two far apart, one negative": () => (next() < 0.5 ? -1e6 * next() : 0.001 * next()),
  };
  it.each(Object.keys(DISTRIBUTIONS))("percentiles are within 1 %%: %s", (name) => {
    const draw = DISTRIBUTIONS[name]!;
    const values = Array.from({ length: 20_000 }, draw);
    const column = columnOf(values);
    for (const percentile of NAMES) {
      const exact = lower(values, SHARES[percentile]);
      expect(Math.abs(column.get(percentile)! - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.0100001);
    }
  });

  it("are the same as a plain model's, and after a restart at any point", () => {
    const within = fc
      .double({ min: -1e8, max: 1e8, noNaN: true })
      .map((value) => Math.round(value * 1e4) / 1e4 + 0);
    const numbers = fc.array(fc.oneof(within, fc.constant(0), fc.integer({ min: -5, max: 5 })), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(numbers, fc.nat({ max: 200 }), (values, cut) => {
        let column = columnOf(values.slice(0, cut));
        column = restored(column);
        for (const value of values.slice(cut)) column.add(value);
        const whole = columnOf(values);
        expect(column.text()).toBe(whole.text());
        const size = Math.max(...values.map(Math.abs));
        const sum = values.reduce((a, b) => a + b, 0);
        expect(Math.abs(column.get("sum")! - sum)).toBeLessThanOrEqual(size * values.length * 1e-12);
        expect(column.get("count")).toBe(values.length);
        expect(column.get("min")).toBe(Math.min(...values));
        expect(column.get("max")).toBe(Math.max(...values));
        for (const name of NAMES) {
          const exact = lower(values, SHARES[name]);
          expect(column.get(name)).toBe(whole.get(name));
          expect(Math.abs(column.get(name)! - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.0100001);
        }
      }),
    );
  });

  it("stay small however far apart they are, and the largest keep their precision", () => {
    const values: number[] = [];
    for (let power = -300; power <= 300; power += 0.05) values.push(10 ** power, -(10 ** -power));
    const column = columnOf(values);
    expect(column.text().length).toBeLessThan(20_000);
    const exact = lower(values, 0.99);
    expect(Math.abs(column.get("p99")! / exact - 1)).toBeLessThan(0.0100001);
    expect(restored(column).text()).toBe(column.text());
  });
});
