import { same } from "./bytes";
import { whereLetter } from "./scalars";

/**
 * Whether one of the words stands between `start` and `end`, capitals or not. `words` has for each the address of its bytes, in lower case,
 * and their number. Words are ASCII; K (U+212A) and ſ (U+017F), which count as k and s, make the answer yes.
 */
export function holdsWord(start: usize, end: usize, words: usize, count: u32): bool {
  for (let word: u32 = 0; word < count; word++) {
    const text = <usize>load<u32>(words + <usize>word * 8);
    const length = <usize>load<u32>(words + <usize>word * 8 + 4);
    if (holds(start, end, text, length)) return true;
  }
  return false;
}

function holds(start: usize, end: usize, text: usize, length: usize): bool {
  if (start + length > end) return false;
  const last = end - length;
  const first = load<u8>(text);
  const second = load<u8>(text + (length > 1 ? 1 : 0));
  const step: usize = length > 1 ? 1 : 0;
  for (let at = start; at <= last; at += 16) {
    let found = whereLetter(v128.load(at), first) & whereLetter(v128.load(at + step), second);
    while (found != 0) {
      const place = at + ctz(found);
      if (place <= last && isSameWord(place, text, length)) return true;
      found &= found - 1;
    }
  }
  return false;
}

/** Whether the word in lower case stands at a place, capitals or not. */
export function isSameWord(at: usize, text: usize, length: usize): bool {
  if (same(at, text, length)) return true;
  for (let place: usize = 0; place < length; place++) {
    const code = <u32>load<u8>(at + place);
    const small = code - 65 < 26 ? code | 0x20 : code;
    if (small != <u32>load<u8>(text + place)) return false;
  }
  return true;
}

/** Whether one of the two letters beyond ASCII that fold to letters of ASCII is there. */
export function holdsFolding(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) {
    const code = <u32>load<u8>(at);
    if (code == 0xc5 && load<u8>(at + 1) == 0xbf) return true;
    if (code == 0xe2 && load<u8>(at + 1) == 0x84 && load<u8>(at + 2) == 0xaa) return true;
  }
  return false;
}
