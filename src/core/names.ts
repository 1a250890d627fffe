import { createHash } from "node:crypto";

/** The name that all names share which came after the limit. `safeName` never gives it to any other name. */
export const SHARED_NAME = "_other";

const LIMIT_BYTES = 100;
const HASH_DIGITS = 16;
/** What a changed name keeps of the old one, so that hash and dash still fit. */
const KEPT_BYTES = LIMIT_BYTES - HASH_DIGITS - 1;
/** How many folded names are remembered so that each is counted once; a name that comes back later counts again. */
const FOLDED_MEMORY = 10_000;

/** Letters, digits and a few signs that no shell, file system or terminal takes for anything else. */
const PLAIN = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._+@-]*$/u;
const NOT_PLAIN = /[^\p{L}\p{M}\p{N}._+@-]+/gu;
const LOOKS_CHANGED = new RegExp(`-[0-9a-f]{${HASH_DIGITS}}$`);

/**
 * A path part for a name that came from a log: never `..`, a slash, a control character or more than 100 bytes.
 * Most names stay as they are. A name that had to be changed ends in a dash and 16 hexadecimal digits of the SHA-256 of its
 * UTF-16 code units, and so does a name that looks as if it had been: two different names never give one folder.
 */
export function safeName(name: string): string {
  return isPlain(name) ? name : hashed(name);
}

function hashed(name: string): string {
  const hash = createHash("sha256").update(Buffer.from(name, "utf16le")).digest("hex").slice(0, HASH_DIGITS);
  const readable = name
    .slice(0, KEPT_BYTES)
    .normalize("NFC")
    .replace(NOT_PLAIN, "_")
    .replace(/^[^\p{L}\p{N}_]+/u, "_");
  return `${cutToBytes(readable, KEPT_BYTES) || "_"}-${hash}`;
}

/** For a folder whose name something else bears: no other name is ever given this one. */
export function standIn(folder: string): string {
  const at = folder.lastIndexOf("/") + 1;
  return `${folder.slice(0, at)}${hashed(folder.slice(at))}`;
}

function isPlain(name: string): boolean {
  return (
    PLAIN.test(name) &&
    // Three bytes at most for a UTF-16 code unit: only long names need to be counted.
    (name.length * 3 <= LIMIT_BYTES || Buffer.byteLength(name) <= LIMIT_BYTES) &&
    // Some file systems take composed and decomposed letters for the same.
    name.normalize("NFC") === name &&
    name !== SHARED_NAME &&
    !name.endsWith(".") &&
    // Retention would take the folder's files for compressed ones.
    !name.toLowerCase().endsWith(".gz") &&
    !LOOKS_CHANGED.test(name)
  );
}

/** Cuts between code points, so that no half of a letter is left. */
function cutToBytes(text: string, limitBytes: number): string {
  let bytes = 0;
  let out = "";
  for (const letter of text) {
    bytes += Buffer.byteLength(letter);
    if (bytes > limitBytes) break;
    out += letter;
  }
  return out;
}

interface NameLimitOptions {
  /** How many names get a folder of their own; those that are certain do beyond it, too. */
  readonly limit: number;
  /** Path parts that are on the disk already: they count, and names that give them keep their folder. */
  readonly known: Iterable<string>;
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
  readonly #taken: Set<string>;
  readonly #parts = new Map<string, string>();
  readonly #folded = new Set<string>();
  /** How many names beyond those of the operator each container made up. */
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
    if (!mayMake && this.#folded.has(folding(name, container))) return SHARED_NAME;
    const part = safeName(name);
    if (!isCertain && !this.#taken.has(part)) {
      if (!mayMake) return this.#fold(name, container);
      if (container !== undefined) this.#made.set(container, this.#madeBy(container) + 1);
    }
    this.#taken.add(part);
    this.#parts.set(name, part);
    return part;
  }

  /** Whether there is a folder for one more: for a container that has had its share only while there are enough for others. */
  #mayMake(container: string | undefined): boolean {
    const { limit } = this.#options;
    if (this.#taken.size >= limit) return false;
    if (container === undefined || this.#taken.size < limit * SHARED_FROM) return true;
    return this.#madeBy(container) < limit * SHARE_OF_ONE;
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
