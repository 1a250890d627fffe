/** A binary heap: what stands before all others is at hand, the rest is only half sorted. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  /** `compare` as for `Array.sort`. */
  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let place = items.length;
    items.push(item);
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (this.#compare(items[above]!, item) <= 0) break;
      items[place] = items[above]!;
      place = above;
    }
    items[place] = item;
  }

  /** Takes the first away. */
  pop(): T | undefined {
    const items = this.#items;
    const [first] = items;
    const last = items.pop();
    if (items.length > 0 && last !== undefined) this.#sink(last);
    return first;
  }

  #sink(item: T): void {
    const items = this.#items;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && this.#compare(items[below + 1]!, items[below]!) < 0) below += 1;
      if (this.#compare(item, items[below]!) <= 0) break;
      items[place] = items[below]!;
      place = below;
    }
    items[place] = item;
  }
}
