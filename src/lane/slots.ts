import type { Machine } from "./machine.js";

export type SlotKind = "string" | "number" | "true" | "false" | "null" | "numbers" | "list" | "object";

/** One value of an object, as the module found it. */
export interface Slot {
  /** Place on the tape. */
  readonly index: number;
  readonly kind: SlotKind;
  /** The keys that lead to it. */
  readonly path: readonly string[];
  /** Its text as it stands in the line: strings without their quotes. */
  readonly text: string;
}

const KINDS: readonly (SlotKind | "up")[] = [
  "up",
  "string",
  "number",
  "true",
  "false",
  "null",
  "numbers",
  "list",
  "object",
  "up",
];

/** The values of the line at hand in their order; undefined where an object has a key twice, or one that is none to JavaScript. */
export function readSlots({ bytes, words, exports }: Machine): Slot[] | undefined {
  const slots: Slot[] = [];
  const path: string[] = [];
  const seen = [new Set<string>()];
  for (let index = 0; index < exports.slotCount(); index += 1) {
    const at = exports.TAPE.value / 4 + index * 4;
    const [start = 0, end = 0, key = 0, described = 0] = words.subarray(at, at + 4);
    const kind = KINDS[(described >> 8) & 0xff] ?? "up";
    if (kind === "up") {
      path.pop();
      seen.pop();
      continue;
    }
    const name = bytes.toString("utf8", key, key + (described & 0xff));
    if (name === "__proto__" || seen.at(-1)?.has(name) === true) return undefined;
    seen.at(-1)?.add(name);
    const text = kind === "object" ? "" : bytes.toString("utf8", start, end);
    slots.push({ index, kind, path: [...path, name], text });
    if (kind === "object") {
      path.push(name);
      seen.push(new Set());
    }
  }
  return slots;
}
