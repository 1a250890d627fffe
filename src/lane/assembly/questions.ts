import { put } from "./bytes";
import { KEY, KEY_LIMIT, SLOT_BYTES, TAPE } from "./layout";
import { isMember } from "./members";
import { numberAt } from "./numbers";
import { REWRITTEN, UNUSUAL } from "./scalars";
import { holdsFolding, holdsWord } from "./words";

/** Kinds of questions; of any other the value itself decides. This: which words a text holds; where it holds none, nothing else of it counts. */
const WORDS: u32 = 2;
/** Where a number stands among some bounds. */
const RANK: u32 = 3;
/** Whether a text is one of some words; where it is none, nothing else of it counts. */
const MEMBERS: u32 = 4;
/** The slot that stands for the whole line. */
const LINE: u32 = 0xff;

/** The key: what decides about the line at hand. */
export let keyLength: usize = 0;

/** A longer value is taken for one that is different in each line. */
const LONGEST_VALUE: usize = 300;

/**
 * Asks what decides about the line from `start` to `end`, whose values are on the tape. `questions` are u32 count, u32 version; then for
 * each u32 slot, kind, address and number of its words or bounds, or address and mask of a table of words. Lines with the same key have the same fate. False where a value is so long
 * that no second line will have it.
 */
export function ask(questions: usize, context: u32, start: usize, end: usize, isHigh: bool): bool {
  const count = load<u32>(questions);
  store<u32>(KEY, context);
  store<u32>(KEY + 4, <u32>questions);
  let key = KEY + 8;
  let question = questions + 8;
  for (let at: u32 = 0; at < count; at++, question += 16) {
    const slot = load<u32>(question);
    const kind = load<u32>(question + 4);
    const tape = TAPE + <usize>slot * SLOT_BYTES;
    const from = slot == LINE ? start : <usize>load<u32>(tape);
    const to = slot == LINE ? end : <usize>load<u32>(tape + 4);
    const flags = slot == LINE ? 0 : load<u32>(tape + 12) >> 24;
    const more = <usize>load<u32>(question + 8);
    const many = load<u32>(question + 12);
    if (kind == WORDS || kind == MEMBERS) {
      const isHit =
        from == to ||
        (flags & REWRITTEN) != 0 ||
        (kind == WORDS ? holdsWord(from, to, more, many) : isMember(from, to, more, many)) ||
        (isHigh && holdsFolding(from, to));
      if (!isHit) {
        store<u8>(key++, 0);
        continue;
      }
      if (slot == LINE) return false;
    } else if (kind == RANK && (flags & UNUSUAL) == 0) {
      store<u8>(key, 1);
      store<u16>(key + 1, <u16>rank(numberAt(from, to), more, many));
      key += 3;
      continue;
    }
    const length = to - from;
    if (length > LONGEST_VALUE || key + length + 16 > KEY + KEY_LIMIT) return false;
    store<u8>(key, 0xff);
    store<u16>(key + 1, <u16>length);
    key = put(key + 3, from, length);
  }
  keyLength = key - KEY;
  return true;
}

/** Twice the number of bounds below, and one more where the number is a bound. They stand in rising order. */
function rank(number: f64, bounds: usize, count: u32): u32 {
  let below: u32 = 0;
  let end = count;
  while (below < end) {
    const middle = (below + end) >> 1;
    if (load<f64>(bounds + <usize>middle * 8) < number) below = middle + 1;
    else end = middle;
  }
  const isBound = below < count && load<f64>(bounds + <usize>below * 8) == number;
  return below * 2 + (isBound ? 1 : 0);
}
