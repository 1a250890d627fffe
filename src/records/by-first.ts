const ASCII = 128;
/** Stands for all characters beyond ASCII. */
const BEYOND = "\u0080";

/** A kind of lines. */
export interface Beginning {
  /**
   * Fits the beginning of each line of this kind, by its first character alone; absent where any may be.
   * Characters beyond ASCII are told apart from others, not from each other.
   */
  readonly begins?: RegExp;
}

/** The kinds that a line may be of, in their order. Most are told by the first character, so that few have to look. */
export function byFirstCharacter<T extends Beginning>(kinds: readonly T[]): (text: string) => readonly T[] {
  const beginningWith = (beginning: string) =>
    kinds.filter(({ begins }) => begins === undefined || begins.test(beginning));
  const empty = beginningWith("");
  const table = Array.from({ length: ASCII + 1 }, (_, code) =>
    beginningWith(code === ASCII ? BEYOND : String.fromCharCode(code)),
  );
  return (text) => {
    const first = text.charCodeAt(0);
    return (first <= ASCII ? table[first] : text === "" ? empty : table[ASCII]) as readonly T[];
  };
}
