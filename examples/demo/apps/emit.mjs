/**
 * What the demo apps share: a pace, an end, and chance that comes out the same each time.
 * DEMO_COUNT: how many events, 0 (the default) for no end. DEMO_EVERY_MS: the time between two.
 */
import { setTimeout as sleep } from "node:timers/promises";

const count = Number(process.env.DEMO_COUNT ?? 0);
const everyMs = Number(process.env.DEMO_EVERY_MS ?? 500);

/** Prints what `event` makes of each number from 0 on: an object as one line of JSON, text as it is. */
export async function emit(event) {
  for (let n = 0; count === 0 || n < count; n += 1) {
    const made = await event(n);
    process.stdout.write(`${typeof made === "string" ? made : JSON.stringify(made)}\n`);
    if (everyMs > 0) await sleep(everyMs);
  }
}

/** Numbers between 0 and 1 that look like chance and are the same in each run (a linear congruential generator). */
export function chance(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function rounded(value, digits) {
  return Number(value.toFixed(digits));
}
