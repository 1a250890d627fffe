import { nsToTime, timeToNs } from "../../core/time.js";
import type { Position, StreamIndex } from "../position.js";
import { OUT_OF_ORDER_NS } from "../skipping.js";
import type { SeekBy } from "./resume.js";

/** What is still the same after so long is how the log is: its clock was set back, or its oldest messages are gone. */
const STALE_MS = 5_000;
/** The reading that holds the copies is over after this, mostly. */
export const STALE_PAUSE_MS = 200;

/** Whether a message may be taken behind those before it. */
export type TimeCheck = (ts: string, stream: StreamIndex) => boolean;

/**
 * An engine before 25 unpacks a compressed log file into a copy that is called as the file is, and who reads while somebody else
 * still does is shown that copy, whatever bears the name by now (daemon/logger/loggerutils, filesRefCounter): an older file
 * once more, while newer ones are hidden. So where log files are compressed, a reading in which time goes back, or in which
 * the place cannot be found, is not believed at once, but done again when the other one has ended.
 */
export class StaleCopies {
  #suspicion = "";
  #sinceMs = 0;

  /** For a reading that begins at that place. */
  check({ anchor, last: [lastTs, lastStream] }: Position): TimeCheck {
    // Those of one stream are in order while the clock goes forward.
    const earliest = anchor === "" ? "" : nsToTime(timeToNs(anchor) - OUT_OF_ORDER_NS);
    const highest: [string, string] = [earliest, earliest];
    highest[lastStream] = lastTs;
    return (ts, stream) => {
      if (ts < highest[stream] && this.#suspects(`${highest[stream]} ${ts}`)) return false;
      highest[stream] = ts;
      return true;
    };
  }

  /** The place was not found in that way: whether to look for it once more in the same way. */
  hides({ anchor }: Position, by: SeekBy): boolean {
    return by === "anchor" && this.#suspects(anchor);
  }

  #suspects(what: string): boolean {
    if (what !== this.#suspicion) {
      this.#suspicion = what;
      this.#sinceMs = Date.now();
    }
    return Date.now() - this.#sinceMs < STALE_MS;
  }
}
