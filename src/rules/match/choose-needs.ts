import type { CompiledMatch, Need } from "./types.js";

/** How many rules speak of each need, by a key that stands for it. */
export function countNeeds<S>(rules: readonly CompiledMatch<S>[]): ReadonlyMap<string, number> {
  const frequency = new Map<string, number>();
  for (const { needs } of rules) {
    for (const key of needs.flat().flatMap(keysOf)) frequency.set(key, (frequency.get(key) ?? 0) + 1);
  }
  return frequency;
}

function keysOf(need: Need): string[] {
  const kind = `${need.how}\0${need.field ?? "\0"}\0`;
  return need.how === "present" ? [kind] : need.values.map((value) => kind + value);
}

/** The list of needs that the fewest rules share; searching costs more than looking up, presence tells least. */
export function chooseNeeds(
  needs: readonly (readonly Need[])[],
  frequency: ReadonlyMap<string, number>,
): readonly Need[] | undefined {
  let best: readonly Need[] | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const list of needs) {
    let price = 0;
    for (const need of list) {
      const factor = need.how === "equals" ? 1 : need.how === "contains" ? 2 : 50;
      for (const key of keysOf(need)) price += factor * (frequency.get(key) ?? 1);
      if (need.how === "contains" && need.values.some((value) => value.length < 3)) price += 20;
    }
    if (price < least) [best, least] = [list, price];
  }
  return best;
}
