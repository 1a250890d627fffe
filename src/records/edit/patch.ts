import type { Span } from "./walk.js";

/** New text for a stretch of a text; an empty stretch is an insertion. */
export interface Patch extends Span {
  readonly text: string;
}

/** The text with all patches made; what lies outside them stays to the byte. A patch inside another one is left out. */
export function applyPatches(text: string, patches: readonly Patch[]): string {
  const ordered = [...patches].sort((a, b) => a.start - b.start || b.end - a.end);
  let out = "";
  let done = 0;
  for (const patch of ordered) {
    if (patch.start < done) continue;
    out += text.slice(done, patch.start) + patch.text;
    done = patch.end;
  }
  return out + text.slice(done);
}
