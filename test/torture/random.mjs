/** Chance that can be repeated: the same seed gives the same numbers. */

/**
 * @typedef {object} Random
 * @property {() => number} next from 0 up to, not including, 1
 * @property {(least: number, most: number) => number} whole a whole number, both ends included
 * @property {<T>(items: readonly T[]) => T} pick
 * @property {<T>(items: readonly T[]) => T[]} shuffled
 */

/**
 * The generator "mulberry32" (public domain, T. Ettinger): small, and good enough to choose moments.
 * @param {number} seed a whole number below 2^32
 * @returns {Random}
 */
export function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least, most) => least + Math.floor(next() * (most - least + 1));
  const pick = (items) => items[whole(0, items.length - 1)];
  const shuffled = (items) => {
    const copy = [...items];
    for (let at = copy.length - 1; at > 0; at--) {
      const other = whole(0, at);
      [copy[at], copy[other]] = [copy[other], copy[at]];
    }
    return copy;
  };
  return { next, whole, pick, shuffled };
}
