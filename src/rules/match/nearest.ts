import { distance } from "fastest-levenshtein";

/** The name among `names` that was probably meant, as a hint to append to a message; empty when none is near. */
export function nearestName(name: string, names: Iterable<string>): string {
  let best = "";
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const known of names) {
    const away = distance(name.toLowerCase(), known.toLowerCase());
    if (away < least) [best, least] = [known, away];
  }
  return best === "" ? "" : `; did you mean \`${best}\`?`;
}
