import type { LineJoiner } from "../../src/core/line.js";

/** Each line stands alone. */
export function wholeLines(): LineJoiner {
  return { learned: undefined, relate: () => "whole", reset: () => undefined };
}

/** Each line may go on, and blanks at the beginning join. */
export function indentedLines(): LineJoiner {
  let pending = false;
  return {
    learned: undefined,
    relate(text) {
      const joins = pending && text.startsWith(" ");
      pending = true;
      return joins ? "joins" : "starts";
    },
    reset() {
      pending = false;
    },
  };
}
