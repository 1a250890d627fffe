import type { Gap } from "../../core/source.js";

/** What is told when the place is gone up to which a container was read; `from` and `to` are engine times. */
export function lostGap(from: string, to: string): Gap {
  return {
    from,
    to,
    why: "the engine no longer holds the place up to which the container was read: its log was rotated or cut",
  };
}

/** What is told when a container is gone of which more may have come than was read. */
export function removedGap(from: string): Gap {
  const why = "the container was removed before it was read to its end";
  return { from: from || undefined, to: undefined, why };
}
