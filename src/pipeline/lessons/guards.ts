import type { Guard, Piece } from "../../lane/programs.js";
import type { Slot } from "../../lane/slots.js";
import { withoutTrail } from "./template.js";

/** What must hold of the slots that a passage copies, for a file with this extension: then they are written as they stand in the line. */
export function guardsOf(pieces: readonly Piece[], extension: string, slots: readonly Slot[]): Guard[] {
  return pieces.flatMap((piece): Guard[] => {
    if (!("slot" in piece)) return [];
    const { slot } = piece;
    const isString = slots.find(({ index }) => index === slot)?.kind === "string";
    if (!isString) return [{ kind: "usual", slot }];
    return [{ kind: extension === ".csv" ? "cell" : "json", slot }];
  });
}

const MOST_DIGITS = 15;

/** Whether the guard lets a slot pass; as assembly/run.ts does it, or stricter. */
export function passes({ kind }: Guard, { text, kind: slotKind }: Slot): boolean {
  switch (kind) {
    case "usual":
      if (slotKind === "numbers") return text.slice(1, -1).split(",").every(isUsual);
      return (
        isUsual(text) || (!/[eE]/.test(text) && isUsual(withoutTrail(text)) && digitsOf(text) <= MOST_DIGITS)
      );
    case "cell":
      return /^(?![=+\-@\uf000-\uffff])[^,\\]*$/.test(text);
    case "json":
      return !text.includes("\\/");
  }
}

function isUsual(text: string): boolean {
  return (
    digitsOf(text) <= MOST_DIGITS && !/[eE]/.test(text) && text !== "-0" && String(Number(text)) === text
  );
}

function digitsOf(number: string): number {
  return number.replace(/\D/g, "").length;
}
