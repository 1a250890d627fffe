import { take } from "./arena";
import { finish, hashBytes, same } from "./bytes";
import { KEY, MOST_PLANS, PLAN_ENTRIES, PLANS } from "./layout";
import { keyLength } from "./questions";
import { seen } from "./shapes";

/** A plan: u32 length of its key, u32 address of its program (0: the long way), u32 number, u32 unused; then the key. */
const HEAD: usize = 16;

export let plan: usize = 0;
let hash: u64 = 0;
let count: i32 = 0;

// @ts-ignore: a decorator of AssemblyScript
@inline
function entryOf(index: u32): usize {
  return PLANS + <usize>(index & (PLAN_ENTRIES - 1)) * 16;
}

/** Looks for the plan of the key at hand, and compares all of it. */
export function findPlan(): bool {
  hash = finish(hashBytes(0, KEY, keyLength));
  let index = <u32>(hash >> 40);
  while (true) {
    const entry = entryOf(index++);
    const known = <usize>load<u32>(entry + 8);
    if (known == 0) return false;
    if (load<u64>(entry) == hash && load<u32>(known) == <u32>keyLength && same(known + HEAD, KEY, keyLength)) {
      plan = known;
      return true;
    }
  }
  return false;
}

/** Adds a plan for the key at hand and gives its number; -1 when there is no room. */
export function addPlan(program: usize): i32 {
  if (count >= MOST_PLANS) return -1;
  const added = take(HEAD + keyLength);
  if (added == 0) return -1;
  store<u32>(added, <u32>keyLength);
  store<u32>(added + 4, <u32>program);
  store<i32>(added + 8, count);
  memory.copy(added + HEAD, KEY, keyLength);
  let index = <u32>(hash >> 40);
  let entry = entryOf(index);
  while (load<u32>(entry + 8) != 0) entry = entryOf(++index);
  store<u64>(entry, hash);
  store<u32>(entry + 8, <u32>added);
  plan = added;
  return count++;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function programOf(known: usize): usize {
  return <usize>load<u32>(known + 4);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function numberOf(known: usize): usize {
  return <usize>load<u32>(known + 8);
}

export function planSeen(): u32 {
  return seen(hash);
}

export function forgetPlans(): void {
  count = 0;
}
