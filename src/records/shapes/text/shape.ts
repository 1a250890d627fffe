import type { JsonObject, Level } from "../../../core/record.js";

/** What a shape reads out of the first line of an event. Undefined fields were not said. */
export interface TextReading {
  readonly level: Level | undefined;
  /** The text without what the other fields hold; the whole line where taking it apart would lose something. */
  readonly message: string;
  /** The named values of the line. */
  readonly data: JsonObject | undefined;
}

/**
 * A kind of text line. `read` answers `undefined` for lines that are not of this kind; it takes time linear in
 * the line (anchored patterns with bounded repeats) and never throws.
 */
export interface TextShape {
  readonly name: string;
  /** `text` is one line, without colours. */
  read(text: string): TextReading | undefined;
}
