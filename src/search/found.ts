import { compareEntries, type Entry } from "../reading/entries.js";
import { Heap } from "../reading/heap.js";

/** Takes what is found, from wherever in a day it stands. */
export interface Finds {
  /** Whether there are times that would be left out. */
  readonly hasBorder: boolean;
  /** Whether an entry of that time would be left out. */
  isOld(ts: string): boolean;
  add(entry: Entry): void;
}

/** A record's front behind its component: what tells the lines of a container's stream apart, beside the time. */
const CONTAINER = /"container":"((?:[^"\\]|\\.)*)","stream":"(\w+)"/;

/** The so many newest entries that it is shown. A line that stands in raw and in tagged is one: that which was shown first. */
export class Found implements Finds {
  readonly #heap = new Heap(compareEntries);
  readonly #keys = new Set<string>();
  readonly #count: number;
  readonly #since: string;

  /** `since`: earlier ones are left out; an engine timestamp. */
  constructor(count: number, since = "") {
    this.#count = count;
    this.#since = since;
  }

  get hasBorder(): boolean {
    return this.#since !== "" || this.#isFull;
  }

  isOld(ts: string): boolean {
    return ts < this.#since || (this.#isFull && ts < (this.#heap.first?.ts ?? "~"));
  }

  add(entry: Entry): void {
    const key = keyOf(entry);
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.#heap.push(entry);
    if (this.#heap.size > this.#count) this.#keys.delete(keyOf(this.#heap.pop()!));
  }

  /** From the newest to the oldest; empty afterwards. */
  take(): Entry[] {
    const entries: Entry[] = [];
    for (let entry = this.#heap.pop(); entry !== undefined; entry = this.#heap.pop()) entries.push(entry);
    this.#keys.clear();
    return entries.reverse();
  }

  get #isFull(): boolean {
    return this.#heap.size >= this.#count;
  }
}

/** The same for a line's record in raw and in tagged. */
export function keyOf({ ts, text, path, at, header }: Entry): string {
  const container = header === undefined ? CONTAINER.exec(text) : null;
  return container === null ? `${path} ${at}` : `${ts} ${container[2]} ${container[1]}`;
}
