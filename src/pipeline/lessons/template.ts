import type { Piece } from "../../lane/programs.js";
import type { Slot } from "../../lane/slots.js";

/** A text that stands for something, so that it is found again in what is written. */
export interface Mark {
  readonly text: string;
  readonly piece: Exclude<Piece, { kind: "literal" }>;
}

/** A text cut where marks stand in it; where two begin together, the longer one counts. */
export function cutAtMarks(text: string, marks: readonly Mark[]): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  while (from < text.length) {
    let at = text.length;
    let found: Mark | undefined;
    for (const mark of marks) {
      const place = text.indexOf(mark.text, from);
      if (place < 0 || place > at) continue;
      if (place < at || mark.text.length > (found?.text.length ?? 0)) {
        at = place;
        found = mark;
      }
    }
    if (at > from) pieces.push({ kind: "literal", text: text.slice(from, at) });
    if (found === undefined) break;
    pieces.push(found.piece);
    from = at + found.text.length;
  }
  return pieces;
}

/** A number without the zeros at the end of its fraction. */
export function withoutTrail(number: string): string {
  return number.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

/** What the pieces give for a line: as the module will do it. */
export function fill(
  pieces: readonly Piece[],
  line: { readonly text: string; readonly ts: string; readonly slots: readonly Slot[] },
): string {
  const textOf = (slot: number) => line.slots.find(({ index }) => index === slot)?.text ?? "";
  return pieces
    .map((piece) => {
      switch (piece.kind) {
        case "literal":
          return piece.text;
        case "time":
          return line.ts;
        case "line":
          return line.text;
        case "value":
          return textOf(piece.slot);
        case "number":
          return withoutTrail(textOf(piece.slot));
        default:
          return textOf(piece.slot).slice(1, -1);
      }
    })
    .join("");
}
