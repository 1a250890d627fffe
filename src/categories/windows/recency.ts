import type { OpenGroup } from "./window.js";

/** All open groups in the order in which they were last added to. Asked for each record, so it is a list through the groups themselves. */
export class Recency {
  oldest: OpenGroup | undefined;
  #newest: OpenGroup | undefined;
  size = 0;

  /** A new group was added to. */
  enter(group: OpenGroup): void {
    this.size += 1;
    this.#append(group);
  }

  /** A group was added to. */
  touch(group: OpenGroup): void {
    if (group === this.#newest) return;
    this.#unlink(group);
    this.#append(group);
  }

  leave(group: OpenGroup): void {
    this.size -= 1;
    this.#unlink(group);
  }

  #append(group: OpenGroup): void {
    group.older = this.#newest;
    group.newer = undefined;
    if (this.#newest === undefined) this.oldest = group;
    else this.#newest.newer = group;
    this.#newest = group;
  }

  #unlink({ older, newer }: OpenGroup): void {
    if (older === undefined) this.oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}
