import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayBeOf, nameAtHost, safeName } from "../../src/core/names.js";

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

describe("mayBeOf", () => {
  it("knows the folder of a component, of each host's, and of no other", () => {
    const names = fc.oneof(
      fc.string(),
      fc.constantFrom("api", "a@b", "_other", "log.gz", "x/y", "z".repeat(99)),
    );
    fc.assert(
      fc.property(names, names, (component, host) => {
        expect(mayBeOf(safeName(component), component)).toBe(true);
        expect(mayBeOf(safeName(nameAtHost(component, host)), component)).toBe(true);
      }),
    );
    expect(["api2", "ap", "web@api", "api2@web-1"].filter((folder) => mayBeOf(folder, "api"))).toEqual([]);
  });
});
