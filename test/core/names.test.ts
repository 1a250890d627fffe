import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NameLimit, safeName } from "../../src/core/names.js";

/** Names as they are, and names made of what is dangerous. */
const anyName = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 120 }),
  fc.string({
    unit: fc.constantFrom("a", "A", ".", "/", "\\", "-", "_", " ", "\0", "\n", "é", "e\u0301", "\ud800", "0"),
    maxLength: 12,
  }),
  fc.constantFrom(
    "..",
    ".",
    "",
    "_other",
    "CON",
    "a.gz",
    "a.GZ",
    "x".repeat(101),
    "ö".repeat(51),
    "-rf",
    "a b",
    "a/b",
    "a_b",
  ),
);

function expectSafe(part: string): void {
  expect(part).not.toMatch(/[/\\\p{Cc}\p{Cs}\s]/u);
  expect(part).not.toMatch(/^[.-]|\.$|\.gz$/i);
  expect(Buffer.byteLength(part)).toBeLessThanOrEqual(100);
  expect(part).not.toBe("");
  expect(part).not.toBe("_other");
}

describe("safeName", () => {
  it.each([
    "api",
    "shop-api-1",
    "onnx_sentiment",
    "90d",
    "permanent",
    "Grüße",
    "注文",
    "v1.2+build@x",
    "_private",
    "a".repeat(100),
  ])("leaves %s as it is", (name) => {
    expect(safeName(name)).toBe(name);
  });

  it.each([
    ["../../etc/passwd", /^_.*_etc_passwd-[0-9a-f]{16}$/],
    ["..", /^_-[0-9a-f]{16}$/],
    ["", /^_-[0-9a-f]{16}$/],
    [".hidden", /^_hidden-[0-9a-f]{16}$/],
    ["app:web 1", /^app_web_1-[0-9a-f]{16}$/],
    ["line\nbreak", /^line_break-[0-9a-f]{16}$/],
    ["_other", /^_other-[0-9a-f]{16}$/],
    ["log.gz", /^log\.gz-[0-9a-f]{16}$/],
    ["dot.", /^dot\.-[0-9a-f]{16}$/],
    ["cafe\u0301", /^café-[0-9a-f]{16}$/],
    ["run-0123456789abcdef", /^run-0123456789abcdef-[0-9a-f]{16}$/],
  ])("changes %j", (name, expected) => {
    expect(safeName(name)).toMatch(expected);
  });

  it("is always a safe path part", () => {
    fc.assert(
      fc.property(anyName, (name) => expectSafe(safeName(name))),
      { numRuns: 2000 },
    );
  });

  it("gives two names two parts, also when one name is what another became", () => {
    fc.assert(
      fc.property(anyName, anyName, (one, other) => {
        fc.pre(one !== other);
        expect(safeName(one)).not.toBe(safeName(other));
        const changed = safeName(one);
        if (changed !== one) expect(safeName(changed)).not.toBe(changed);
      }),
      { numRuns: 2000 },
    );
  });

  it("tells lone halves of surrogate pairs apart, which UTF-8 cannot", () => {
    expect(safeName("\ud800")).not.toBe(safeName("\ud801"));
  });
});

describe("NameLimit", () => {
  it("gives names beyond the limit the shared one, and says so once a name", () => {
    const folded: string[] = [];
    const names = new NameLimit({ limit: 2, known: [], onFold: (name) => folded.push(name) });
    expect(["a", "b", "c", "a", "d", "c", "b"].map((name) => names.place(name))).toEqual([
      "a",
      "b",
      "_other",
      "a",
      "_other",
      "_other",
      "b",
    ]);
    expect(folded).toEqual(["c", "d"]);
  });

  it("counts what is on the disk already, and gives it back to its names", () => {
    const names = new NameLimit({
      limit: 2,
      known: ["a", safeName("b/c"), "_other"],
      onFold: () => undefined,
    });
    expect(names.place("new")).toBe("_other");
    expect(names.place("a")).toBe("a");
    expect(names.place("b/c")).toBe(safeName("b/c"));
  });

  it("lets certain names in beyond the limit, also when an app said them before", () => {
    const names = new NameLimit({ limit: 1, known: ["junk"], onFold: () => undefined });
    expect(names.place("api")).toBe("_other");
    expect([
      names.place("api", { isCertain: true }),
      names.place("api"),
      names.place("web", { isCertain: true }),
    ]).toEqual(["api", "api", "web"]);
    expect(names.place("more")).toBe("_other");
  });

  it("leaves a part of the limit to those that had few, and says who had too many", () => {
    const folded: (string | undefined)[][] = [];
    const names = new NameLimit({ limit: 20, known: [], onFold: (...each) => folded.push(each) });
    const place = (name: string, container: string) => names.place(name, { container });
    const made = Array.from({ length: 30 }, (_, at) => place(`made-up-${at}`, "junk"));
    expect(made.filter((part) => part !== "_other")).toHaveLength(16);
    expect(folded).toContainEqual(["made-up-16", "junk"]);
    expect([place("billing", "shop"), place("stock", "shop"), place("more", "shop")]).toEqual([
      "billing",
      "stock",
      "_other",
    ]);
    // A name that one container may not make is another's to make.
    expect([place("made-up-20", "shop-2"), place("made-up-20", "junk")]).toEqual([
      "made-up-20",
      "made-up-20",
    ]);
    expect(folded.filter(([, container]) => container === "junk")).toHaveLength(14);
  });

  it("does not let a name `_other` into the shared folder", () => {
    const names = new NameLimit({ limit: 5, known: [], onFold: () => undefined });
    expect(names.place("_other")).not.toBe("_other");
  });

  it("never gives more folders than the limit and one, whatever comes", () => {
    fc.assert(
      fc.property(fc.array(anyName, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (all, limit) => {
        const names = new NameLimit({ limit, known: [], onFold: () => undefined });
        const parts = new Set(all.map((name) => names.place(name)));
        parts.delete("_other");
        expect(parts.size).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
