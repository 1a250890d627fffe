import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { redactLine } from "../../../src/records/redact/redact.js";
import { JSON_CASES, NEAR_MISSES, TEXT_CASES } from "./cases.js";
import { EVERYDAY_INNOCENTS, EVERYDAY_SECRETS } from "./everyday.js";

const everyday = [...Object.values(EVERYDAY_SECRETS), ...Object.values(EVERYDAY_INNOCENTS)]
  .flat()
  .map((line) => line.replace(/[«»]/g, ""));

/** The same redaction without its first look: every text goes all the way through the finders. */
async function withoutFirstLook(): Promise<typeof redactLine> {
  vi.resetModules();
  vi.doMock("../../../src/records/redact/suspicion.js", () => ({ mayHoldSecret: () => true }));
  return (await import("../../../src/records/redact/redact.js")).redactLine;
}

const words =
  "password pwd secret token TOKEN tokens Token_2 cookie authorization jwt cvv cvc2 api access key keys session sess id pass db hash next " +
  "pw otp mfa 2fa code sig sign signature mnemonic seed phrase _auth name value base -p curl -u a:b 482913 비밀번호 identified by";
const signs = [
  "=",
  ":",
  ": ",
  " ",
  "_",
  "-",
  ".",
  "/",
  "?",
  "&",
  '"',
  "'",
  "\\",
  "\\n",
  "\n",
  "\t",
  "--",
  "%3D",
  "é",
  "号",
  "{",
  "}",
];
const colours = ["\u001b[31m", "\u001b[0m"];

/** A text of pieces of secrets, some with a colour in the middle. */
const text = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...words.split(" ")) },
      { weight: 6, arbitrary: fc.constantFrom(...signs) },
      { weight: 1, arbitrary: fc.constantFrom(...colours) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          ...[...TEXT_CASES, ...JSON_CASES].map(([, line]) => line),
          ...NEAR_MISSES,
          ...everyday,
        ),
      },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 120 }).map((count) => "x".repeat(count)) },
    ),
    { maxLength: 9 },
  )
  .map((pieces) => pieces.join(""));

/** As programs of several languages write JSON: all but letters as escapes (.NET), beyond ASCII (Python), slashes (PHP). */
const spellings: readonly ((json: string) => string)[] = [
  (json) => json,
  (json) => json.replace(/\\"|[&'<>+]/g, (sign) => escapeOf(sign.slice(-1))),
  (json) => json.replace(/[^\0-~]/g, escapeOf),
  (json) => json.replaceAll("/", "\\/"),
];

function escapeOf(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

const json = fc
  .tuple(fc.dictionary(text, fc.oneof(text, fc.array(text), fc.integer())), fc.constantFrom(...spellings))
  .map(([object, spell]) => spell(JSON.stringify(object)));

describe("the first look", () => {
  it("never passes a line in which a finder finds something", async () => {
    const all = await withoutFirstLook();
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          json,
          json.map((line) => line.slice(0, -2)),
        ),
        (line) => {
          expect(redactLine(line, () => undefined)).toBe(all(line, () => undefined));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
