/** More than these a container that is started again and again does not end before what it has printed was read. */
const MOST = 100;

/**
 * When runs of a container ended, as events tell. Where the last words of a run have no line end and the log shows no border, they stand before such a
 * moment, and what the next run prints behind it.
 */
export class RunEnds {
  readonly #times: string[] = [];

  add(ts: string): void {
    this.#times.push(ts);
    if (this.#times.length > MOST) this.#times.shift();
  }

  /** Whether a run ended between two entries of the log, whose times these are; asked in the order of the log, and answered once. */
  between(before: string, ts: string): boolean {
    let ended = false;
    while (this.#times.length > 0 && this.#times[0]! < ts) ended = this.#times.shift()! >= before || ended;
    return ended;
  }
}
