import type { Appender } from "../core/segment.js";

/** Containers read side by side can be at different dates of their backlogs; beyond a few, the sink is simply asked again. */
const DATES_KEPT = 4;

/** The appenders of one series, by date. Asking for the date of the last line costs one comparison. */
export class DatedAppenders {
  readonly #open: (date: string) => Appender;
  readonly #appenders = new Map<string, Appender>();
  #date = "";
  #appender: Appender | undefined;

  constructor(open: (date: string) => Appender) {
    this.#open = open;
  }

  at(date: string): Appender {
    if (date === this.#date && this.#appender !== undefined) return this.#appender;
    let appender = this.#appenders.get(date);
    if (appender === undefined) {
      if (this.#appenders.size >= DATES_KEPT) this.#forgetOldest();
      appender = this.#open(date);
      this.#appenders.set(date, appender);
    }
    this.#date = date;
    this.#appender = appender;
    return appender;
  }

  #forgetOldest(): void {
    for (const date of this.#appenders.keys()) {
      this.#appenders.delete(date);
      return;
    }
  }
}
