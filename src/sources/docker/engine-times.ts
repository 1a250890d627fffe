import { SidecarError } from "../../core/errors.js";

/** RFC 3339 with nanoseconds in UTC, before each payload when timestamps=1 is asked for (moby: jsonmessage.RFC3339NanoFixed). */
export const TIME_CHARS = 30;

const SPACE = 0x20;
const DASH = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;

/**
 * Whether a message begins at `at` of `text` as it must: with the engine's time and a space. It looks at all that is no digit, which
 * costs a few nanoseconds; Podman's times (whole seconds, 20 characters) have none of it where it should be.
 */
export function beginsWithTime(text: string, at: number): boolean {
  return (
    text.charCodeAt(at + 29) === LETTER_Z &&
    text.charCodeAt(at + 30) === SPACE &&
    text.charCodeAt(at + 19) === DOT &&
    text.charCodeAt(at + 10) === LETTER_T &&
    text.charCodeAt(at + 4) === DASH &&
    text.charCodeAt(at + 7) === DASH &&
    text.charCodeAt(at + 13) === COLON &&
    text.charCodeAt(at + 16) === COLON
  );
}

/** A message without the time that tells its place: nothing of it may be taken. `text` is what stands where the time should. */
export function timeError(text: string): SidecarError {
  const seen = text.slice(0, TIME_CHARS + 1);
  return new SidecarError("ENGINE_TIMES", `a message begins with ${JSON.stringify(seen)}`);
}

/** A time of another form was met. */
export function isTimeError(error: unknown): boolean {
  return error instanceof SidecarError && error.code === "ENGINE_TIMES";
}

let secondText = "";
let secondMs = 0;

/** Milliseconds since 1970 with their fraction, of an engine time. Most lines share the second of the one before. */
export function engineMs(ts: string): number {
  const second = ts.substring(0, 19);
  if (second !== secondText) {
    secondText = second;
    secondMs = Date.parse(`${second}Z`);
  }
  return secondMs + Number(ts.substring(20, 29)) / 1e6;
}
