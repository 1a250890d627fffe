import { expect, it } from "vitest";
import { keptOpen, madeAtOnce } from "../../src/store/kept-open.js";

const LIMITS = [undefined, 1_048_576, 1024, 200, 128, 64];

it("keeps fewer files open where few may be", () => {
  expect(LIMITS.map(keptOpen)).toEqual([200, 200, 200, 68, 32, 8]);
});

it("makes fewer at once where few may be open", () => {
  expect(LIMITS.map(madeAtOnce)).toEqual([64, 64, 64, 22, 10, 4]);
});
