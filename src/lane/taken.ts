import type { LaneBatch } from "../core/lane.js";
import type { Machine } from "./machine.js";
import type { Credit, Teacher } from "./teacher.js";

/** What plans are worth, by their numbers: lines that the module took are counted by it, and credited when a batch is done. */
export class Taken {
  readonly #machine: Machine;
  readonly #teacher: Teacher;
  readonly #credits: (Credit | undefined)[] = [];

  constructor(machine: Machine, teacher: Teacher) {
    this.#machine = machine;
    this.#teacher = teacher;
  }

  set(plan: number, credit: Credit | undefined): void {
    this.#credits[plan] = credit;
  }

  forget(): void {
    this.#credits.length = 0;
  }

  /** Gives how many lines were taken. */
  settle({ container, stream }: LaneBatch, lastTs: string | undefined): number {
    const { words, exports } = this.#machine;
    let taken = 0;
    for (let at = 0; at < exports.touched.value; at += 1) {
      const number = words[exports.TOUCHED.value / 4 + at] as number;
      const place = exports.COUNTS.value / 4 + number * 2;
      const count = words[place] as number;
      const characters = words[place + 1] as number;
      words[place] = 0;
      words[place + 1] = 0;
      taken += count;
      const credit = this.#credits[number];
      if (credit !== undefined)
        this.#teacher.credit(credit, { container, stream, count, characters, lastTs });
    }
    exports.clearTouched();
    return taken;
  }
}
