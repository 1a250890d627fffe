import { ARENA, ARENA_END } from "./layout";

let next: usize = ARENA;

/** Room for something that stays until everything is dropped, with 16 bytes behind it; 0 when there is none left. */
export function take(length: usize): usize {
  const at = next;
  const behind = at + ((length + 31) & ~15);
  if (behind > ARENA_END) return 0;
  next = behind;
  return at;
}

export function dropAll(): void {
  next = ARENA;
}
