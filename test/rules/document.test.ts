import { describe, expect, it } from "vitest";
import { readDocuments } from "../../src/rules/document.js";

function only(text: string) {
  const { documents, problems } = readDocuments(text);
  expect(problems).toEqual([]);
  return documents[0]!;
}

describe("places", () => {
  const document = only("rules:\n  - id: a\n    match: {x: 'no way', y|z: 1}\n");

  it.each([
    [["rules", 0, "id"], {}, 2, 9],
    [["rules", 0, "id"], { atKey: true }, 2, 5],
    [["rules", 0, "match", "y|z"], { atKey: true }, 3, 26],
    [["rules", 0, "match", "x"], { offset: 3 }, 3, 20],
    [["rules", 0], {}, 2, 5],
  ])("%j %j stands at %i:%i", (path, options, line, column) => {
    expect(document.place({ path, ...options })).toEqual({ line, column });
  });

  it("takes the nearest place above what is missing", () => {
    expect(document.place({ path: ["rules", 0, "to", "summary"] })).toEqual({ line: 2, column: 5 });
    expect(document.place({ path: ["rules", 7] })).toEqual({ line: 2, column: 3 });
  });

  it("follows aliases to what they stand for", () => {
    const aliased = only("a: &a {x: 1}\nb: *a\n");
    expect(aliased.place({ path: ["b", "x"] })).toEqual({ line: 1, column: 11 });
  });
});

it("reads YAML 1.2: yes is a text, numbers keep their digits", () => {
  const { value } = only("a: yes\nb: 12345678901234567890\nc: 0o17\nd: on\n");
  expect(value).toEqual({ a: "yes", b: "12345678901234567890", c: 15, d: "on" });
});

it("reads several documents, and each keeps its lines", () => {
  const { documents } = readDocuments("a: 1\n---\nb: 2\n");
  expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { b: 2 }]);
  expect(documents[1]?.place({ path: ["b"] })).toEqual({ line: 3, column: 4 });
});

it("has no document for comments alone", () => {
  expect(readDocuments("# nothing\n")).toEqual({ documents: [], problems: [] });
  expect(readDocuments("")).toEqual({ documents: [], problems: [] });
});

describe("what is refused", () => {
  it.each([
    ["a key twice", "a: 1\na: 2\n", 2, 1, /unique/],
    ["an open quote", "a: 1\nb: 'x\n", 3, 1, /quote/],
    ["a tag of another program", "a: !!js/function x\n", 1, 4, /tag/],
    ["an alias of nothing", "a: 1\nb: *c\n", 2, 4, /no `&c` above it/],
    ["an alias of itself", "a: &a\n  b: *a\n", 2, 6, /contains itself/],
    ["a list as a key", "? [a, b]\n: 1\n", 1, 3, /plain word/],
    ["a tab as indentation", "a:\n\tb: 1\n", 2, 1, /tab/],
  ])("%s", (_name, text, line, column, message) => {
    const { documents, problems } = readDocuments(text);
    expect(documents).toEqual([]);
    expect(problems[0]).toMatchObject({ line, column, message: expect.stringMatching(message) });
  });

  it("aliases that would unfold into millions of values", () => {
    const names = "abcdefghij".split("");
    const text = names.map((name, at) => {
      const inner = at === 0 ? "x" : `*${names[at - 1]}`;
      return `${name}: &${name} [${Array(9).fill(inner).join(", ")}]`;
    });
    const { problems } = readDocuments(text.join("\n"));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(/excessive alias count/i);
  });

  it.each([
    ["brackets", `a: ${"[".repeat(200_000)}`],
    ["dashes", "- ".repeat(200_000)],
    ["question marks", "? ".repeat(100_000)],
  ])("%s that nest so deep that the parser would end the process", (_name, text) => {
    expect(readDocuments(text).problems[0]?.message).toMatch(/nested deeper than 100/);
  });

  it("but not many brackets side by side", () => {
    expect(readDocuments(`a: [${Array(500).fill("[1]").join(", ")}]`).problems).toEqual([]);
  });
});
