import { describe, expect, it } from "vitest";
import { withoutColours, withoutSpelledColours } from "../../src/core/colours.js";

describe("a text without colours", () => {
  it.each([
    ["\u001b[1;38;5;200mred\u001b[0m", "red"],
    ["\u009b31mred\u009b0m", "red"],
    ["\u001b]8;;http://x\u0007link\u001b]8;;\u001b\\", "link"],
    ["plain [31m", "plain [31m"],
  ])("%j is %j", (text, bare) => expect(withoutColours(text)).toBe(bare));

  it.each([
    ['{"a":"\\u001b[31mred\\u001B[0m"}', '{"a":"red"}'],
    ['{"a":"\\u001b[31m\\u001b[1m\\u001b[4mred"}', '{"a":"red"}'],
    ['{"a":"\\\\u001b[31m"}', '{"a":"\\\\u001b[31m"}'],
    ['{"a":"\\\\\\u001b[31mb"}', '{"a":"\\\\b"}'],
  ])("JSON %s is searched as %s", (json, bare) => expect(withoutSpelledColours(json)).toBe(bare));
});
