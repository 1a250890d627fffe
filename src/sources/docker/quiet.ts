import { nsToTime } from "../../core/time.js";
import type { StreamIndex } from "../position.js";
import type { EngineAddress } from "./engine.js";

/** An event that may go on is handed on when nothing has come on its stream for this long (up to twice). */
const QUIET_MS = 250;

/**
 * What stands at the end of a log that was asked for at `askedMs` goes on no more if it is older than this engine time: following would not have waited
 * for more either. Empty where the engine's clock is not ours.
 */
export function settledBefore({ kind }: EngineAddress, askedMs: number): string {
  return kind === "socket" ? nsToTime(BigInt(askedMs - 2 * QUIET_MS) * 1_000_000n) : "";
}

/** Looks which of a container's two streams have gone quiet while something of them is pending; the other one may be busy all the time. */
export class Quiet {
  readonly #tell: (quiet: readonly StreamIndex[]) => void;
  /** By stream: a message has come since the last look. */
  readonly #active: [boolean, boolean] = [false, false];
  #timer: NodeJS.Timeout | undefined;
  /** What has come ends in the middle of a message: however long the rest takes, nothing is quiet. */
  isHalf = false;

  /** `tell` is called with the streams on which nothing came for a while. */
  constructor(tell: (quiet: readonly StreamIndex[]) => void) {
    this.#tell = tell;
  }

  came(stream: StreamIndex): void {
    this.#active[stream] = true;
  }

  /** What may have come could not be seen: the next look says nothing. */
  cameOnBoth(): void {
    this.#active.fill(true);
  }

  /** Something is pending. */
  arm(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const quiet = this.isHalf ? [] : ([0, 1] as const).filter((stream) => !this.#active[stream]);
      this.#active.fill(this.isHalf);
      this.#tell(quiet);
    }, QUIET_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
