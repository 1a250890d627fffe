import type { LaneAppender } from "./files.js";
import type { Machine } from "./machine.js";

/** A piece of what is written of a line. */
export type Piece =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "time" | "line" }
  /** The text of a slot; of a number without zeros at the end of its fraction; of a list without its brackets. */
  | { readonly kind: "value" | "number" | "items"; readonly slot: number };

/** What a slot's text must be so that it can be written as it stands. */
export interface Guard {
  readonly kind: "usual" | "cell" | "json";
  readonly slot: number;
}

/** What is written of a line to one file. */
export interface Passage {
  readonly file: LaneAppender;
  readonly pieces: readonly Piece[];
  readonly entries: number;
}

export interface Program {
  readonly guards: readonly Guard[];
  readonly passages: readonly Passage[];
}

const GUARDS = { usual: 2, cell: 3, json: 4 } as const;
const OPERATIONS = { file: 8, literal: 9, value: 10, items: 11, time: 12, line: 13, number: 14 } as const;
const ROOM = 1;
const TIME_BYTES = 30;

/** Puts a program into the module's memory (assembly/run.ts); gives its address, 0 when there is no room. */
export function encodeProgram(machine: Machine, { guards, passages }: Program): number {
  const { words, exports } = machine;
  const code = guards.map(({ kind, slot }) => GUARDS[kind] | (slot << 8));
  for (const file of new Set(passages.map((passage) => passage.file))) {
    code.push(ROOM | (file.number << 8), ...needsOf(passages.filter((passage) => passage.file === file)));
  }
  for (const { file, pieces, entries } of passages) {
    code.push(OPERATIONS.file | (file.number << 8), entries);
    for (const piece of pieces) {
      if (!addPiece(machine, code, piece)) return 0;
    }
  }
  const start = exports.take(code.length * 4 + 4);
  if (start === 0) return 0;
  words.set([...code, 0], start / 4);
  return start;
}

/** Bytes of literals, copies of parts of the line, entries: what all passages of a file need together. */
function needsOf(passages: readonly Passage[]): [number, number, number] {
  let bytes = 0;
  let copies = 0;
  let entries = 0;
  for (const passage of passages) {
    entries += passage.entries;
    for (const piece of passage.pieces) {
      if (piece.kind === "literal") bytes += Buffer.byteLength(piece.text);
      else if (piece.kind === "time") bytes += TIME_BYTES;
      else copies += 1;
    }
  }
  return [bytes, copies, entries];
}

function addPiece({ bytes, exports }: Machine, code: number[], piece: Piece): boolean {
  switch (piece.kind) {
    case "literal": {
      const length = Buffer.byteLength(piece.text);
      const address = exports.take(length);
      bytes.write(piece.text, address);
      code.push(OPERATIONS.literal | (length << 8), address);
      return address !== 0;
    }
    case "time":
    case "line":
      code.push(OPERATIONS[piece.kind]);
      return true;
    default:
      code.push(OPERATIONS[piece.kind] | (piece.slot << 8));
      return true;
  }
}
