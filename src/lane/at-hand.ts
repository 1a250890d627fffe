import type { Machine } from "./machine.js";

const TIME_CHARS = 30;

/** The time of the line at hand. */
export function timeOf({ bytes, exports }: Machine): string {
  return bytes.toString("latin1", exports.TIME.value, exports.TIME.value + TIME_CHARS);
}

/** The text of the line at hand. */
export function textOf({ bytes, exports }: Machine): string {
  const encoding = exports.isHigh.value ? "utf8" : "latin1";
  return bytes.toString(encoding, exports.lineAt.value, exports.newlineAt.value);
}

/** The line at hand with its newline, one character a byte. */
export function rawOf({ bytes, exports }: Machine): string {
  return bytes.toString("latin1", exports.lineAt.value, exports.newlineAt.value + 1);
}
