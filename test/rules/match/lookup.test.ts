import { describe, expect, test } from "vitest";
import { headsOf, lookup, scalarsOf } from "../../../src/rules/match/lookup.js";
import { isSlow } from "../../cpu-time.js";

describe("lookup", () => {
  test.each([
    ["a", { a: 1 }, 1],
    ["a", {}, undefined],
    ["a", { a: null }, null],
    ["a.b", { a: { b: 1 } }, 1],
    ["a.b", { "a.b": 2, a: { b: 1 } }, 2],
    ["a.b.c", { a: { "b.c": 3 } }, 3],
    ["a.b.c", { "a.b": { c: 3 } }, 3],
    ["a.b.c", { a: { b: 1 }, "a.b": { c: 3 } }, 3],
    ["a.b", { a: [{ b: 1 }, { c: 2 }, { b: null }] }, [1, null]],
    ["a.b", { a: [[{ b: 1 }]] }, [[1]]],
    ["a.b", { a: [] }, undefined],
    ["a.b", { a: "text" }, undefined],
    ["a.length", { a: [1, 2] }, undefined],
    ["length", { a: 1 }, undefined],
    ["constructor", {}, undefined],
    ["constructor.name", {}, undefined],
    ["__proto__", {}, undefined],
    ["__proto__.toString", {}, undefined],
    ["a.toString", { a: {} }, undefined],
    ["a.hasOwnProperty", JSON.parse('{"a":{"hasOwnProperty":1}}'), 1],
    ["__proto__", JSON.parse('{"__proto__":5}'), 5],
    [".a", { ".a": 1 }, 1],
    ["a.", { a: { "": 1 } }, undefined],
    ["a..b", { a: { ".b": 1 } }, 1],
    ["a", null, undefined],
    ["a", "text", undefined],
    ["0", ["x"], undefined],
  ])("%s of %j", (name, data, expected) => {
    expect(lookup(data, name)).toEqual(expected);
  });

  test("a name of many dots costs no time where nothing is there", () => {
    const look = () => expect(lookup({ a: { a: { a: 1 } } }, "a.".repeat(200).slice(0, -1))).toBeUndefined();
    expect(isSlow(500, look)).toBe(false);
  });
});

test("headsOf names every key under which a path can begin", () => {
  expect(headsOf("a.b.c")).toEqual(["a", "a.b", "a.b.c"]);
  expect(headsOf(".a")).toEqual([".a"]);
});

test("scalarsOf walks in order and leaves null out", () => {
  expect(scalarsOf({ a: [1, { b: "x" }], c: null, d: { e: false } })).toEqual([1, "x", false]);
});
