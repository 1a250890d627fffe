import type { Line } from "../core/line.js";
import type { Mark } from "./cursor.js";

/** What one stream of a container has begun and not finished. */
export interface Pending {
  /** Pieces of a line that came in several messages. */
  pieces: string;
  piecesTs: string;
  piecesAscii: boolean;
  /** Before the first of the pieces. */
  piecesFrom: Mark | undefined;
  /** Lines of an event that may go on. */
  group: Line | undefined;
  groupFrom: Mark | undefined;
}

export function nothingPending(): Pending {
  return {
    pieces: "",
    piecesTs: "",
    piecesAscii: true,
    piecesFrom: undefined,
    group: undefined,
    groupFrom: undefined,
  };
}

/** The place before what is pending, if anything is. */
export function pendingFrom(pending: Pending): Mark | undefined {
  return pending.groupFrom ?? pending.piecesFrom;
}
