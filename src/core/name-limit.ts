import { SHARED_NAME, safeName } from "./names.js";

/** How many folded names are remembered so that each is counted once; a name that comes back later counts again. */
const FOLDED_MEMORY = 10_000;

interface NameLimitOptions {
  /** How many names get a folder of their own; those that are certain do beyond it, too. */
  readonly limit: number;
  /** Path parts that are on the disk already: they count, and names that give them keep their folder. */
  readonly known: Iterable<string>;
  /** Called each time a name has to share `_other`: folders that have become free can be given back by `keep`. */
  readonly onFull?: () => void;
  /** Called once for a name that has to share `_other` (again for one that was forgotten meanwhile), with the container that printed it. */
  readonly onFold: (name: string, container: string | undefined) => void;
}

/** Who gave a name. */
export interface NameGiver {
  /** Whoever runs the containers gave it, so it is never one of many that an app makes up. */
  readonly isCertain?: boolean;
  /** The container whose line said it. Not told of what is alone, a pipe: then nobody else could want a name. */
  readonly container?: string | undefined;
}

/** From where on the names that are left are for those that had few: the rest of the limit … */
const SHARED_FROM = 4 / 5;
/** … of which one container gets so many at most. */
const SHARE_OF_ONE = 1 / 10;

/** Gives names of one kind their path parts, and beyond the limit the shared one. */
export class NameLimit {
  readonly #options: NameLimitOptions;
  #taken: Set<string>;
  /** Path parts given since the last look at the folders began: their first files may not be there yet. */
  #young = new Set<string>();
  readonly #parts = new Map<string, string>();
  readonly #folded = new Set<string>();
  /** The container that made a name up, by path part; names of the operator have none. */
  readonly #makers = new Map<string, string>();
  /** How many names each container made up. */
  readonly #made = new Map<string, number>();

  constructor(options: NameLimitOptions) {
    this.#options = options;
    this.#taken = new Set(options.known);
    this.#taken.delete(SHARED_NAME);
  }

  /**
   * The safe path part for a name; the same for as long as the process lives, and after a restart if it is known then.
   */
  place(name: string, { isCertain = false, container }: NameGiver = {}): string {
    const placed = this.#parts.get(name);
    if (placed !== undefined) return placed;
    const mayMake = isCertain || this.#mayMake(container);
    if (!mayMake) this.#options.onFull?.();
    if (!mayMake && this.#folded.has(folding(name, container))) return SHARED_NAME;
    const part = safeName(name);
    if (!isCertain && !this.#taken.has(part)) {
      if (!mayMake) return this.#fold(name, container);
      if (container !== undefined) this.#count(part, container);
    }
    this.#taken.add(part);
    this.#young.add(part);
    this.#parts.set(name, part);
    return part;
  }

  /** How many names have a folder of their own. */
  get size(): number {
    return this.#taken.size;
  }

  has(part: string): boolean {
    return this.#taken.has(part);
  }

  /**
   * Frees the names whose folders hold nothing any more, as retention leaves them. `look` gives the path parts in use; names that are
   * given while it looks, or were since the last look began, stay.
   */
  async keep(look: () => Promise<Iterable<string>>): Promise<void> {
    const young = this.#young;
    this.#young = new Set();
    let used: Iterable<string>;
    try {
      used = await look();
    } catch (cause) {
      for (const part of young) this.#young.add(part);
      throw cause;
    }
    this.#taken = new Set([...used, ...young, ...this.#young]);
    this.#taken.delete(SHARED_NAME);
    for (const [name, part] of this.#parts) if (!this.#taken.has(part)) this.#parts.delete(name);
    for (const [part, container] of this.#makers) if (!this.#taken.has(part)) this.#uncount(part, container);
  }

  /** Whether there is a folder for one more: for a container that has had its share only while there are enough for others. */
  #mayMake(container: string | undefined): boolean {
    const { limit } = this.#options;
    if (this.#taken.size >= limit) return false;
    if (container === undefined || this.#taken.size < limit * SHARED_FROM) return true;
    return this.#madeBy(container) < limit * SHARE_OF_ONE;
  }

  #count(part: string, container: string): void {
    this.#makers.set(part, container);
    this.#made.set(container, this.#madeBy(container) + 1);
  }

  #uncount(part: string, container: string): void {
    this.#makers.delete(part);
    const left = this.#madeBy(container) - 1;
    if (left > 0) this.#made.set(container, left);
    else this.#made.delete(container);
  }

  #madeBy(container: string): number {
    return this.#made.get(container) ?? 0;
  }

  #fold(name: string, container: string | undefined): string {
    // An app that makes up a name for each line must not fill the memory: forgetting only costs a second count.
    if (this.#folded.size >= FOLDED_MEMORY) this.#folded.clear();
    this.#folded.add(folding(name, container));
    this.#options.onFold(name, container);
    return SHARED_NAME;
  }
}

function folding(name: string, container: string | undefined): string {
  return container === undefined ? name : `${container}\n${name}`;
}
