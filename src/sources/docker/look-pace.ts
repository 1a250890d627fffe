/** Between two looks at the log lies at least this much, more after looks that found nothing missing; what comes meanwhile waits. */
const LOOK_MS = 200;
/** Lines may not wait longer, … */
const MAX_LOOK_MS = 500;
/** … nor longer than a part of the time in which a file is filled: what is looked for must still be there. */
const FILL_SHARE = 0.2;
/** A pause that looks like those that were pauses is passed for so long at most. */
const MAX_PASSED_MS = 60_000;

/** How soon a followed container's log is looked at again. */
export class LookPace {
  #lookedMs = 0;
  #patienceMs = 0;
  /** Looks in a row that found nothing missing. */
  #needless = 0;

  /** What looks like pauses that turned out to be pauses: not each is worth a look. */
  passes(): boolean {
    const waitMs = Math.min(MAX_PASSED_MS, this.#needless === 0 ? 0 : LOOK_MS * 2 ** this.#needless);
    return Date.now() - this.#lookedMs < waitMs;
  }

  /** So long the next look must wait. */
  get waitMs(): number {
    return this.#lookedMs + this.#patienceMs - Date.now();
  }

  begin(): void {
    this.#lookedMs = Date.now();
  }

  /** `missed`: the stream had left messages out; `tooLate`: the log no longer held the place; `fillMs`: in which a file is filled. */
  end(how: { readonly missed: boolean; readonly tooLate: boolean; readonly fillMs: number }): void {
    this.#needless = how.missed ? 0 : this.#needless + 1;
    const lookMs = Date.now() - this.#lookedMs;
    // It prints faster than the engine reads: looking all the time would take from the stream what it brings.
    if (how.tooLate) this.#patienceMs = Math.min(MAX_LOOK_MS, 3 * lookMs);
    else this.#patienceMs = Math.min(MAX_LOOK_MS, LOOK_MS * 2 ** this.#needless, how.fillMs * FILL_SHARE);
  }
}
