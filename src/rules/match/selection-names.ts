/**
 * The selections that `1 of` and `all of` speak about: all for `them`, else those that the pattern matches, in which
 * `*` stands for any text. Names with `_` in front are helpers, meant only when the pattern begins with it too.
 */
export function selectionsLike(pattern: string, names: readonly string[]): string[] {
  const visible = pattern.startsWith("_") ? names : names.filter((name) => !name.startsWith("_"));
  if (pattern.toLowerCase() === "them" && !visible.includes(pattern)) return [...visible];
  const pieces = pattern.split("*");
  return visible.filter((name) => matchesPieces(name, pieces));
}

/** Whether a name is the pieces of a pattern with anything between them. */
function matchesPieces(name: string, pieces: readonly string[]): boolean {
  const first = pieces[0]!;
  const last = pieces[pieces.length - 1]!;
  if (pieces.length === 1) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
