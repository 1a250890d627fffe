import type { Container } from "./container.js";

/** So much of each container's lines a day, by the day of a line's own time: a line that is written again after a kill counts for the same. */
export class DailyQuota {
  readonly #limit: number;
  readonly #onOver: (container: Container) => void;
  /** By the container's name. */
  readonly #used = new Map<string, { readonly day: string; chars: number; isOver: boolean }>();

  /** `limit` in characters; `onOver` hears of each line that is more. */
  constructor(limit: number, onOver: (container: Container) => void) {
    this.#limit = limit;
    this.#onOver = onOver;
  }

  /** Counts a line, unless it is more than what is left. */
  admits(container: Container, ts: string, chars: number): boolean {
    const used = this.#of(container, ts);
    if (used.chars + chars > this.#limit) {
      used.isOver = true;
      this.#onOver(container);
      return false;
    }
    used.chars += chars;
    return true;
  }

  /** Counts lines that nobody was asked for. */
  add(container: Container, ts: string, chars: number): void {
    const used = this.#of(container, ts);
    used.chars += chars;
    used.isOver ||= used.chars > this.#limit;
  }

  /** Lines of the container were more, on the day of its newest one. */
  isOver({ name }: Container): boolean {
    return this.#used.get(name)?.isOver === true;
  }

  #of({ name }: Container, ts: string) {
    const day = ts.slice(0, 10);
    let used = this.#used.get(name);
    if (used?.day !== day) {
      used = { day, chars: 0, isOver: false };
      this.#used.set(name, used);
    }
    return used;
  }
}
