/**
 * Which earlier rules can hide a rule at all. One that hides another asks for nothing that the other doesn't ask for, so
 * it is found under one thing it asks for: of its fields, the one whose values the fewest rules ask for.
 */
export class HidingIndex {
  readonly #ways: readonly (readonly Way[])[];
  /** How many rules ask for a value of a field. */
  readonly #frequency = new Map<string, number>();
  readonly #byAsked = new Map<string, number[]>();
  /** Those that ask for nothing that could be looked for. */
  readonly #open: number[] = [];

  /** `matches`: what all rules ask for, in their order. */
  constructor(matches: readonly unknown[]) {
    this.#ways = matches.map(waysOf);
    for (const ways of this.#ways) {
      for (const asked of new Set(ways.flat(2))) {
        this.#frequency.set(asked, (this.#frequency.get(asked) ?? 0) + 1);
      }
    }
  }

  /** The rule of that number can hide those that come after it. */
  add(at: number): void {
    for (const way of this.#ways[at]!) {
      const rarest = this.#rarest(way);
      if (rarest === undefined) this.#open.push(at);
      else for (const asked of rarest) push(this.#byAsked, asked, at);
    }
  }

  /** Numbers of rules added, each once and the first first, among which are all that hide what asks for `match`. */
  candidates(match: unknown): number[] {
    const [way = []] = waysOf(match);
    const found = new Set(this.#open);
    for (const values of way) {
      // Of a list each value has to be one of the other's: the first is as good as any. Or the lists are equal.
      for (const asked of new Set([values[0], values.at(-1)])) {
        for (const at of this.#byAsked.get(asked ?? "") ?? []) found.add(at);
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  #rarest(way: Way): readonly string[] | undefined {
    const cost = (values: readonly string[]) =>
      values.reduce((sum, asked) => sum + (this.#frequency.get(asked) ?? 0), 0);
    let best: readonly string[] | undefined;
    for (const values of way) if (best === undefined || cost(values) < cost(best)) best = values;
    return best;
  }
}

/** What one map asks for: of each field its values one by one, and last all of them as they stand. */
type Way = readonly (readonly string[])[];

/** One way for a map, several for a list of maps of which any is enough; `always` asks for nothing. */
function waysOf(match: unknown): Way[] {
  if (match === "always") return [[]];
  if (typeof match !== "object" || match === null) return [[[JSON.stringify(match) ?? ""]]];
  if (!Array.isArray(match)) return [wayOf(match)];
  const isMapList = match.every((map) => typeof map === "object" && map !== null && !Array.isArray(map));
  return isMapList ? match.map(wayOf) : [[[textOf(match)]]];
}

function wayOf(map: object): Way {
  return Object.entries(map).map(([key, value]) => {
    const values: unknown[] = Array.isArray(value) ? [...value, value] : [value];
    return values.map((one) => `${key}\n${textOf(one)}`);
  });
}

/** Equal for equal values, whatever the order of keys. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function push(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
