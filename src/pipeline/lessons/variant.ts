import { randomInt } from "node:crypto";
import type { JsonObject } from "../../core/record.js";
import type { Question } from "../../lane/questions.js";
import type { Slot } from "../../lane/slots.js";
import type { LessonLine } from "../../lane/teacher.js";
import type { Mark } from "./template.js";
import { pathKey } from "./traced.js";

/** Another line with the same fate: what does not decide is other text, which can be found again in what is written. */
export interface Variant {
  readonly text: string;
  readonly ts: string;
  readonly marks: readonly Mark[];
}

const FRACTION_AT = 20;
/** Letters and digits that no word of a rule, and no app, has in such a row. */
const SIGNS = "QXZJ0123456789";
const TRIES = 20;
const MOST_ZEROS = 6;
const MOST_SPACES = 30;

/** What stands in a slot of the variant. */
interface Other {
  readonly value: unknown;
  readonly marks: readonly Mark[];
  /** How the line prints it, where that is not how JSON.stringify does. */
  readonly printed?: string;
}

/** Undefined where a value that does not decide can't be changed: what is written of it could not be told from what is always written. */
export function variantOf(line: LessonLine, questions: readonly Question[]): Variant | undefined {
  const data = JSON.parse(line.text) as JsonObject;
  const marks: Mark[] = [];
  const printed = new Map<string, string>();
  for (const slot of line.slots) {
    const question = questions.find(({ slot: index }) => index === slot.index);
    const other = otherFor(slot, question);
    if (other === "none") return undefined;
    if (other === "same") continue;
    setAt(data, slot.path, other.value);
    marks.push(...other.marks);
    if (other.printed !== undefined) printed.set(pathKey(slot.path), other.printed);
  }
  const text = print(data, [], printed);
  const ts = `${line.ts.slice(0, FRACTION_AT)}${String(randomInt(100_000_000, 999_999_999))}Z`;
  marks.push({ text, piece: { kind: "line" } }, { text: ts, piece: { kind: "time" } });
  return { text, ts, marks };
}

/** `same` where the value decides by all its text, or is the same in all lines of the shape. */
function otherFor(slot: Slot, question: Question | undefined): Other | "same" | "none" {
  if (slot.kind === "number") return otherNumber(slot, question);
  if (question?.kind === "value") return "same";
  switch (slot.kind) {
    case "string": {
      // What holds one of the words, or is one, is told apart from all other values.
      if (question !== undefined && decides(slot.text, question)) return "same";
      const text = randomText();
      return { value: text, marks: [{ text, piece: { kind: "value", slot: slot.index } }] };
    }
    case "numbers": {
      const values = slot.text.split(",").map(() => numberBeside(0.5, [])!);
      const marks: Mark[] = [{ text: values.join(","), piece: { kind: "items", slot: slot.index } }];
      return { value: values, marks };
    }
    case "list":
      // Not marked: where it is written there is no plan.
      return { value: (JSON.parse(slot.text) as unknown[]).map(randomText), marks: [] };
    default:
      return "same";
  }
}

/** What copies the line's text shows zeros that say nothing, or another number of them; what writes the number does not. */
function otherNumber({ index, text }: Slot, question: Question | undefined): Other | "none" {
  const value = Number(text);
  if (question?.kind === "value") return { value, marks: [], printed: text };
  const bounds = question?.bounds ?? [];
  if (bounds.includes(value)) return { value, marks: [], printed: withZeros(value) };
  const other = numberBeside(value, bounds);
  if (other === undefined) return "none";
  const printed = withZeros(other);
  const marks: Mark[] = [
    { text: String(other), piece: { kind: "number", slot: index } },
    { text: printed, piece: { kind: "value", slot: index } },
  ];
  return { value: other, marks, printed };
}

function withZeros(value: number): string {
  const number = String(value);
  if (number.includes("e")) return number;
  return `${number}${number.includes(".") ? "" : "."}${"0".repeat(randomInt(1, MOST_ZEROS))}`;
}

function randomText(): string {
  return Array.from({ length: 16 }, () => SIGNS[randomInt(SIGNS.length)]).join("");
}

/**
 * Where the module finds one. Letters beyond ASCII stay as they are: what JavaScript makes `i` of, the module does not.
 */
function decides(text: string, { kind, words }: Question): boolean {
  const small = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (text === "" || /\\\/|\u212a|\u017f/.test(text)) return true;
  return kind === "members" ? words.includes(small) : words.some((word) => small.includes(word));
}

/** Another number between the same two bounds; undefined where none is found. */
function numberBeside(number: number, bounds: readonly number[]): number | undefined {
  const above = bounds.find((bound) => bound > number) ?? Number.POSITIVE_INFINITY;
  const below = bounds.findLast((bound) => bound < number) ?? Number.NEGATIVE_INFINITY;
  const low = Number.isFinite(below) ? below : Number.isFinite(above) ? above - 90_000 : 10_000;
  const high = Number.isFinite(above) ? above : low + 90_000;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const share = randomInt(1, 999_999_999) / 1_000_000_000;
    const value = Number((low + (high - low) * share).toPrecision(11));
    const text = String(value);
    if (value > below && value < above && text.length >= 9 && !text.includes("e")) return value;
  }
  return undefined;
}

/** JSON text with some spaces in each object, so that what is copied of it in pieces is seen to differ. */
function print(value: unknown, path: readonly string[], printed: ReadonlyMap<string, string>): string {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return printed.get(pathKey(path)) ?? JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}:${print(member, [...path, key], printed)}`,
  );
  return `{${" ".repeat(randomInt(MOST_SPACES))}${members.join(",")}}`;
}

function setAt(data: JsonObject, path: readonly string[], value: unknown): void {
  let place = data as Record<string, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
  place[path.at(-1)!] = value;
}
