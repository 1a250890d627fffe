import { finish, mix } from "./bytes";
import { isSameWord } from "./words";

/**
 * A set of words, in lower case: a hash table of u32 address and u32 length, of which at least half is empty (address 0). `mask` is the number of its
 * entries less one.
 */
const ENTRY: usize = 8;

const SMALL: u64 = 0x2020202020202020;

/** Of small letters and capitals the same, and of some signs too. */
function hashOf(start: usize, length: usize): u32 {
  let hash: u64 = length;
  let rest = length;
  let at = start;
  for (; rest > 8; at += 8, rest -= 8) hash = mix(hash, load<u64>(at) | SMALL);
  if (rest > 0) hash = mix(hash, (load<u64>(at) | SMALL) << ((8 - rest) << 3));
  return <u32>(finish(hash) >> 40);
}

/** Puts a word into a table that has room. */
export function addMember(table: usize, mask: u32, address: usize, length: usize): void {
  let index = hashOf(address, length) & mask;
  while (load<u32>(table + <usize>index * ENTRY) != 0) index = (index + 1) & mask;
  store<u32>(table + <usize>index * ENTRY, <u32>address);
  store<u32>(table + <usize>index * ENTRY + 4, <u32>length);
}

/** Whether what stands between `start` and `end` is one of the words. */
export function isMember(start: usize, end: usize, table: usize, mask: u32): bool {
  const length = end - start;
  let index = hashOf(start, length) & mask;
  while (true) {
    const entry = table + <usize>index * ENTRY;
    const word = <usize>load<u32>(entry);
    if (word == 0) return false;
    if (load<u32>(entry + 4) == <u32>length && isSameWord(start, word, length)) return true;
    index = (index + 1) & mask;
  }
  return false;
}
