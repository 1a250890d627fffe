import { expect, it } from "vitest";
import { linesOf, terminalMessages } from "./engine-log.mjs";

const TS = "2026-01-31T00:00:00.000000001Z";
const NEXT = "2026-01-31T00:00:00.000000002Z";
const piece = "p".repeat(16_384);

it.each([
  ["json-file", [piece, "rest\r\n"]],
  ["local", [piece, "rest\r"]],
  ["json-file, a piece that grew", [`${piece}\u00ef\u00bf\u00bd`, "rest\r\n"]],
  ["json-file, exactly a piece", [piece, "\r\n"]],
  ["local, exactly a piece", [piece]],
])("joins the pieces of a long line on a terminal: %s", (_, pieces) => {
  const body = [...pieces.map((text) => `${TS} ${text}`), `${NEXT} next\r\n`].join("");
  const lines = linesOf(terminalMessages(Buffer.from(body, "latin1")));
  const whole = Buffer.from(pieces.join(""), "latin1").toString().trimEnd();
  expect(lines.map(({ ts, text }) => [ts, text])).toEqual([
    [TS, whole],
    [NEXT, "next"],
  ]);
});

it("keeps the streams apart", () => {
  const lines = linesOf([
    { ts: TS, stream: "stdout", text: piece },
    { ts: NEXT, stream: "stderr", text: "between\n" },
    { ts: TS, stream: "stdout", text: "rest\n" },
  ]);
  expect(lines.map(({ text }) => text)).toEqual([`${piece}rest`, "between"]);
});
