import { finish, mix } from "./bytes";
import { isSameWord } from "./words";

/**
 * A set of words, in lower case: a hash table of u32 address and u32 length, of which at least half is empty (address 0). `mask` is the number of its
 * entries less one.
 */
const ENTRY: usize = 8;

/** Capitals count as small letters. */
function hashOf(start: usize, end: usize): u32 {
  let hash: u64 = <u64>(end - start);
  for (let at = start; at < end; at++) {
    const code = <u32>load<u8>(at);
    hash = mix(hash, code - 65 < 26 ? code | 0x20 : code);
  }
  return <u32>(finish(hash) >> 40);
}

/** Puts a word into a table that has room. */
export function addMember(table: usize, mask: u32, address: usize, length: usize): void {
  let index = hashOf(address, address + length) & mask;
  while (load<u32>(table + <usize>index * ENTRY) != 0) index = (index + 1) & mask;
  store<u32>(table + <usize>index * ENTRY, <u32>address);
  store<u32>(table + <usize>index * ENTRY + 4, <u32>length);
}

/** Whether what stands between `start` and `end` is one of the words. */
export function isMember(start: usize, end: usize, table: usize, mask: u32): bool {
  const length = <u32>(end - start);
  let index = hashOf(start, end) & mask;
  while (true) {
    const entry = table + <usize>index * ENTRY;
    const word = <usize>load<u32>(entry);
    if (word == 0) return false;
    if (load<u32>(entry + 4) == length && isSameWord(start, word, length)) return true;
    index = (index + 1) & mask;
  }
  return false;
}
