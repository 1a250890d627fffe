import { randomInt } from "node:crypto";
import type { JsonObject } from "../../core/record.js";
import type { Question } from "../../lane/questions.js";
import type { Slot, SlotKind } from "../../lane/slots.js";
import type { LessonLine } from "../../lane/teacher.js";
import type { Mark } from "./template.js";

/** Another line with the same fate: what does not decide is other text, which can be found again in what is written. */
export interface Variant {
  readonly text: string;
  readonly ts: string;
  readonly marks: readonly Mark[];
}

const PIECES: Partial<Record<SlotKind, "number" | "items">> = { number: "number", numbers: "items" };

const FRACTION_AT = 20;
/** Letters and digits that no word of a rule, and no app, has in such a row. */
const SIGNS = "QXZJ0123456789";
const TRIES = 20;

export function variantOf(line: LessonLine, questions: readonly Question[]): Variant {
  const data = JSON.parse(line.text) as JsonObject;
  const marks: Mark[] = [];
  const trails: Trail[] = [];
  for (const slot of line.slots) {
    const question = questions.find(({ slot: index }) => index === slot.index);
    const mark = markFor(slot, question);
    if (mark === undefined) continue;
    setAt(data, slot.path, mark.value);
    marks.push({ text: mark.text, piece: { kind: PIECES[slot.kind] ?? "value", slot: slot.index } });
    if (slot.kind !== "number") continue;
    const trail = { number: mark.text, printed: trailed(mark.text) };
    trails.push(trail);
    marks.push({ text: trail.printed, piece: { kind: "value", slot: slot.index } });
  }
  const text = trails.reduce(
    (json, { number, printed }) => json.replace(number, printed),
    JSON.stringify(data),
  );
  const ts = `${line.ts.slice(0, FRACTION_AT)}${String(randomInt(100_000_000, 999_999_999))}Z`;
  marks.push({ text, piece: { kind: "line" } }, { text: ts, piece: { kind: "time" } });
  return { text, ts, marks };
}

/** A number in a line, and as the line prints it. */
interface Trail {
  readonly number: string;
  readonly printed: string;
}

/** The same number with a zero that says nothing: what copies the line's text has it, what writes the number has not. */
function trailed(number: string): string {
  return number.includes(".") ? `${number}0` : `${number}.0`;
}

/** Undefined where the value decides, or is the same in all lines of the shape. */
function markFor(slot: Slot, question: Question | undefined): { text: string; value: unknown } | undefined {
  if (question?.kind === "value") return undefined;
  switch (slot.kind) {
    case "string": {
      // What holds one of the words, or is one, is told apart from all other values.
      if (question !== undefined && decides(slot.text, question)) return undefined;
      const text = Array.from({ length: 16 }, () => SIGNS[randomInt(SIGNS.length)]).join("");
      return { text, value: text };
    }
    case "number":
      return numberBeside(Number(slot.text), question?.bounds ?? []);
    case "numbers": {
      const values = slot.text.split(",").map(() => numberBeside(0.5, [])!.value);
      return { text: values.join(","), value: values };
    }
    default:
      return undefined;
  }
}

/** At least where the module finds one. */
function decides(text: string, { kind, words }: Question): boolean {
  const small = text.toLowerCase();
  if (text === "" || /\\\/|\u212a|\u017f/.test(text)) return true;
  return kind === "members" ? words.includes(small) : words.some((word) => small.includes(word));
}

/** Another number between the same two bounds; undefined for a bound itself, or where no such number is found. */
function numberBeside(
  number: number,
  bounds: readonly number[],
): { text: string; value: number } | undefined {
  if (bounds.includes(number)) return undefined;
  const above = bounds.find((bound) => bound > number) ?? Number.POSITIVE_INFINITY;
  const below = bounds.findLast((bound) => bound < number) ?? Number.NEGATIVE_INFINITY;
  const low = Number.isFinite(below) ? below : Number.isFinite(above) ? above - 90_000 : 10_000;
  const high = Number.isFinite(above) ? above : low + 90_000;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const share = randomInt(1, 999_999_999) / 1_000_000_000;
    const value = Number((low + (high - low) * share).toPrecision(11));
    const text = String(value);
    if (value > below && value < above && text.length >= 9 && !text.includes("e")) return { text, value };
  }
  return undefined;
}

function setAt(data: JsonObject, path: readonly string[], value: unknown): void {
  let place = data as Record<string, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
  place[path.at(-1)!] = value;
}
