import type { Gap } from "../../core/source.js";
import { engineMs } from "./engine-times.js";
import type { WatchedContainer } from "./watched-container.js";

/** Bytes of an entry beside its text, at most: `{"log":"…","stream":"stdout","time":"…"}` and a newline (moby: jsonlog); `local` has fewer. */
const ENTRY_BYTES = 75;
/** JSON writes these with a backslash before them, … */
const SHORT_ESCAPES = '"\\\n\r\t';
/** … and these, as moby does, and other control characters in six bytes. */
const LONG_ESCAPES = "<>&";

const WHY =
  "the engine may have removed lines before the container was read for the first time: its log was full by then";

/**
 * Whether a log that is read for the first time can have lost its beginning. The engine removes a file only when it has as many as it may keep, so
 * what it then still holds is at least all of them but one. It tells neither the files nor what was removed.
 */
export class FirstLook {
  readonly #startedAt: string;
  /** What the engine holds of a log of which it has removed something, at least; undefined when that is decided. */
  #leastBytes: number | undefined;
  /** When the first message came: what the engine held then was printed before. */
  #beganMs = 0;
  #firstTs = "";
  #bytes = 0;

  constructor({ rotateBytes, maxFiles, startedAt }: WatchedContainer) {
    this.#startedAt = startedAt;
    // With one file alone there is nothing to tell it by.
    this.#leastBytes = rotateBytes === undefined || maxFiles < 2 ? undefined : rotateBytes * (maxFiles - 1);
  }

  /** Shows a message that is new, in its turn. Returns the gap before the first of them, as soon as it can be told that there may be one. */
  note(ts: string, raw: string): Gap | undefined {
    if (this.#leastBytes === undefined) return undefined;
    if (this.#firstTs === "") {
      this.#firstTs = ts;
      this.#beganMs = Date.now();
      // Nobody misses what was printed before the last start.
      if (ts <= this.#startedAt) this.#leastBytes = undefined;
    }
    if (engineMs(ts) > this.#beganMs) this.#leastBytes = undefined;
    this.#bytes += raw.length + ENTRY_BYTES + escapesIn(raw);
    if (this.#bytes >= (this.#leastBytes ?? Number.POSITIVE_INFINITY)) {
      this.#leastBytes = undefined;
      return { from: undefined, to: this.#firstTs, why: WHY };
    }
    return undefined;
  }
}

function escapesIn(raw: string): number {
  let bytes = 0;
  for (const character of raw) {
    if (SHORT_ESCAPES.includes(character)) bytes += 1;
    else if (character < " " || LONG_ESCAPES.includes(character)) bytes += 5;
  }
  return bytes;
}
