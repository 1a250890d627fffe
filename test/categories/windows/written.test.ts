import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WrittenWindows } from "../../../src/categories/windows/written.js";

describe("written windows", () => {
  it("knows what was added, and nothing else, whatever the order", () => {
    const indexes = fc.array(fc.integer({ min: -20, max: 60 }), { maxLength: 80 });
    fc.assert(
      fc.property(indexes, fc.nat({ max: 80 }), (added, restartAt) => {
        let written = new WrittenWindows();
        for (const [at, index] of added.entries()) {
          if (at === restartAt) written = new WrittenWindows(JSON.parse(written.text()));
          written.add(index);
        }
        const known = new Set(added);
        for (let index = -22; index < 62; index++) expect(written.has(index)).toBe(known.has(index));
      }),
    );
  });

  it("keeps windows that follow each other as one run", () => {
    const written = new WrittenWindows();
    for (let index = 1; index <= 10_000; index++) written.add(index);
    expect(written.text()).toBe("[[1,10000]]");
  });

  it("forgets the oldest of very many stretches", () => {
    const written = new WrittenWindows();
    for (let index = 0; index < 5000; index++) written.add(index * 2);
    expect(JSON.parse(written.text())).toHaveLength(500);
    expect([written.has(9998), written.has(0)]).toEqual([true, false]);
  });
});
