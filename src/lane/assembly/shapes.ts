import { take } from "./arena";
import { finish, mix, same } from "./bytes";
import { SEEN, SEEN_SIZE, SHAPE_ENTRIES, SHAPES, SLOT_BYTES, TAPE } from "./layout";
import { shapeHash, slots } from "./walk";

/**
 * A shape: u32 number of slots, u32 scope, u32 address of its questions (0: its lines go the long way), u32 unused; then for each slot the
 * address of its key and its description (see walk.ts). Shapes of different scopes are different: other rules ask about them.
 */
const HEAD: usize = 16;
/** The table stays half empty, so that what is not in it is soon seen not to be. */
const MOST_SHAPES: u32 = SHAPE_ENTRIES / 2;

/** The shape that was found or added last. */
export let shape: usize = 0;
let hash: u64 = 0;
let count: u32 = 0;

// @ts-ignore: a decorator of AssemblyScript
@inline
function entryOf(index: u32): usize {
  return SHAPES + <usize>(index & (SHAPE_ENTRIES - 1)) * 16;
}

/** Looks for the shape of the line at hand. Compares all of it: equal hashes are not enough. */
export function findShape(scope: u32): bool {
  hash = finish(mix(shapeHash, scope));
  let index = <u32>(hash >> 40);
  while (true) {
    const entry = entryOf(index++);
    const known = <usize>load<u32>(entry + 8);
    if (known == 0) return false;
    if (load<u64>(entry) == hash && load<u32>(known + 4) == scope && isSame(known)) {
      shape = known;
      return true;
    }
  }
  return false;
}

function isSame(known: usize): bool {
  if (load<i32>(known) != slots) return false;
  let a = known + HEAD;
  let b = TAPE;
  for (let slot = 0; slot < slots; slot++) {
    const described = load<u32>(a + 4);
    if (described != (load<u32>(b + 12) & 0xffffff)) return false;
    if (!same(<usize>load<u32>(a), <usize>load<u32>(b + 8), <usize>(described & 0xff))) return false;
    a += 8;
    b += SLOT_BYTES;
  }
  return true;
}

/** Adds the shape of the line at hand, for which `findShape` was asked last. False when there is no room. */
export function addShape(scope: u32): bool {
  if (count >= MOST_SHAPES) return false;
  const added = take(HEAD + <usize>slots * 8);
  if (added == 0) return false;
  store<i32>(added, slots);
  store<u32>(added + 4, scope);
  store<u32>(added + 8, 0);
  for (let slot: usize = 0; slot < <usize>slots; slot++) {
    const described = load<u32>(TAPE + slot * SLOT_BYTES + 12) & 0xffffff;
    const length = <usize>(described & 0xff);
    const key = take(length);
    if (key == 0) return false;
    memory.copy(key, <usize>load<u32>(TAPE + slot * SLOT_BYTES + 8), length);
    store<u32>(added + HEAD + slot * 8, <u32>key);
    store<u32>(added + HEAD + slot * 8 + 4, described);
  }
  let index = <u32>(hash >> 40);
  let entry = entryOf(index);
  while (load<u32>(entry + 8) != 0) entry = entryOf(++index);
  store<u64>(entry, hash);
  store<u32>(entry + 8, <u32>added);
  shape = added;
  count++;
  return true;
}

/** What is asked about lines of the shape; 0: nothing, they go the long way. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function questionsOf(known: usize): usize {
  return <usize>load<u32>(known + 8);
}

export function setQuestions(known: usize, questions: usize): void {
  store<u32>(known + 8, <u32>questions);
}

/** Counts that something with this hash was seen, and gives how often, up to 255; now and then for something else too. */
export function seen(what: u64): u32 {
  const at = SEEN + <usize>(<u32>(what >> 20) & (SEEN_SIZE - 1));
  const times = <u32>load<u8>(at);
  if (times < 255) store<u8>(at, times + 1);
  return times + 1;
}

export function shapeSeen(): u32 {
  return seen(hash);
}

export function forgetShapes(): void {
  count = 0;
}
