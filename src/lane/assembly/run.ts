import { put } from "./bytes";
import { FILES, OUTPUT, OUTPUT_SIZE, OUTPUT_STEP, SLOT_BYTES, TAPE, TIME } from "./layout";
import { ESCAPED, REWRITTEN, TRAILED, UNUSUAL } from "./scalars";

/** Words of a program: `operation | argument << 8`. All that may say no stand before the first that writes. */
const END: u32 = 0;
/** File; next words: bytes of literals, how many copies of parts of the line, entries. It must have room for them. */
const ROOM: u32 = 1;
/** Slot: a number or a list of them as JavaScript writes it. */
const USUAL: u32 = 2;
/** Slot: a text that is a cell of CSV as it is. */
const CELL: u32 = 3;
/** Slot: a text that JSON.stringify writes as it is. */
const JSON_TEXT: u32 = 4;
/** File; next word: entries. What follows is written to it. */
const FILE: u32 = 8;
/** Length; next word: address. */
const LITERAL: u32 = 9;
/** Slot. */
const VALUE: u32 = 10;
/** Slot: a list without its brackets. */
const ITEMS: u32 = 11;
/** Slot: a number without the zeros at the end of its fraction. */
const NUMBER: u32 = 14;
/** The line's time. */
const TIME_TEXT: u32 = 12;
/** The line itself. */
const LINE: u32 = 13;

/** The file that had no room; -1 when the program refused the line. */
export let fullFile: i32 = -1;

// @ts-ignore: a decorator of AssemblyScript
@inline
function slotAt(argument: usize): usize {
  return TAPE + argument * SLOT_BYTES;
}

/** Writes what the program says of the line from `start` to `end`. False, and nothing written, when it can't. */
export function run(program: usize, start: usize, end: usize): bool {
  let at = program;
  let used: usize = 0;
  let out: usize = 0;
  fullFile = -1;
  while (true) {
    const word = load<u32>(at);
    const argument = <usize>(word >> 8);
    at += 4;
    switch (word & 0xff) {
      case ROOM:
        if (!hasRoom(FILES + argument * 16, at, end - start)) {
          fullFile = <i32>argument;
          return false;
        }
        at += 12;
        break;
      case USUAL:
        if (((load<u32>(slotAt(argument) + 12) >> 24) & UNUSUAL) != 0) return false;
        break;
      case CELL:
        if (!isCell(slotAt(argument))) return false;
        break;
      case JSON_TEXT:
        if (((load<u32>(slotAt(argument) + 12) >> 24) & REWRITTEN) != 0) return false;
        break;
      case FILE: {
        if (used != 0) store<u32>(used, <u32>(out - outputOf(used)));
        used = FILES + argument * 16;
        store<u32>(used + 8, load<u32>(used + 8) + load<u32>(at));
        at += 4;
        out = outputOf(used) + <usize>load<u32>(used);
        break;
      }
      case LITERAL:
        out = put(out, <usize>load<u32>(at), argument);
        at += 4;
        break;
      case VALUE: {
        const slot = slotAt(argument);
        out = put(out, <usize>load<u32>(slot), <usize>(load<u32>(slot + 4) - load<u32>(slot)));
        break;
      }
      case NUMBER: {
        const slot = slotAt(argument);
        const from = <usize>load<u32>(slot);
        out = put(out, from, withoutTrail(from, <usize>load<u32>(slot + 4), load<u32>(slot + 12) >> 24) - from);
        break;
      }
      case ITEMS: {
        const slot = slotAt(argument);
        out = put(out, <usize>load<u32>(slot) + 1, <usize>(load<u32>(slot + 4) - load<u32>(slot) - 2));
        break;
      }
      case TIME_TEXT:
        out = put(out, TIME, 30);
        break;
      case LINE:
        out = put(out, start, end - start);
        break;
      default:
        if (used != 0) store<u32>(used, <u32>(out - outputOf(used)));
        return true;
    }
  }
  return true;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function withoutTrail(start: usize, end: usize, flags: u32): usize {
  if ((flags & TRAILED) == 0) return end;
  let last = end;
  while (load<u8>(last - 1) == 48) last--;
  return load<u8>(last - 1) == 46 ? last - 1 : last;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function outputOf(file: usize): usize {
  return OUTPUT + ((file - FILES) >> 4) * OUTPUT_STEP;
}

/** Whether a file takes what the three words at `needs` say: it may not have grown to its size yet, and its buffer must hold it. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function hasRoom(file: usize, needs: usize, lineLength: usize): bool {
  const used = <usize>load<u32>(file);
  const most = <usize>load<u32>(needs) + <usize>load<u32>(needs + 4) * lineLength;
  if (used >= <usize>load<u32>(file + 4) || used + most > OUTPUT_SIZE) return false;
  return load<u32>(file + 8) + load<u32>(needs + 8) <= load<u32>(file + 12);
}

/** No quote, comma or line end within, and nothing at the beginning that a spreadsheet takes for a formula (categories/formats/csv.ts). */
function isCell(slot: usize): bool {
  if (((load<u32>(slot + 12) >> 24) & (ESCAPED | REWRITTEN)) != 0) return false;
  const end = <usize>load<u32>(slot + 4);
  let at = <usize>load<u32>(slot);
  if (at == end) return true;
  const first = <u32>load<u8>(at);
  // Of the signs beyond ASCII all begin with this byte.
  if (first == 61 || first == 43 || first == 45 || first == 64 || first == 0xef) return false;
  for (; at < end; at += 16) {
    const bytes = v128.load(at);
    const left = end - at;
    const keep: u32 = left >= 16 ? 0xffff : (1 << (<u32>left)) - 1;
    if ((<u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(44))) & keep) != 0) return false;
  }
  return true;
}
