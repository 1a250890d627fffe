import { z } from "zod";

export const runsSchema = z.array(z.tuple([z.int(), z.int()]));

/** From the first to the last index, both written. */
type Run = [first: number, last: number];

/** So many stretches of time without a hole are remembered for a table; of an older window a late row does not say that it is late. */
const RUNS_KEPT = 500;

/** Which windows of a table were written, as runs of indexes in rising order: most tables have one for all their time. */
export class WrittenWindows {
  readonly #runs: Run[];

  /** `stored` is what `text` gave. */
  constructor(stored: z.infer<typeof runsSchema> = []) {
    this.#runs = stored.map(([first, last]) => [first, last]);
  }

  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  has(index: number): boolean {
    const run = this.#runs[this.#behind(index) - 1];
    return run !== undefined && index <= run[1];
  }

  add(index: number): void {
    if (this.has(index)) return;
    const at = this.#behind(index);
    const before = this.#runs[at - 1];
    const after = this.#runs[at];
    const joinsBefore = before !== undefined && before[1] === index - 1;
    const joinsAfter = after !== undefined && after[0] === index + 1;
    if (joinsBefore && joinsAfter) {
      before[1] = after[1];
      this.#runs.splice(at, 1);
    } else if (joinsBefore) before[1] = index;
    else if (joinsAfter) after[0] = index;
    else this.#runs.splice(at, 0, [index, index]);
    if (this.#runs.length > RUNS_KEPT) this.#runs.shift();
  }

  /** JSON text. */
  text(): string {
    return JSON.stringify(this.#runs);
  }

  /** Place of the first run that begins behind the index. Nearly always asked about the end, so it is looked for from there. */
  #behind(index: number): number {
    let at = this.#runs.length;
    while (at > 0 && this.#runs[at - 1]![0] > index) at -= 1;
    return at;
  }
}
