const MOST_A_MINUTE = 20;
const MINUTE_MS = 60_000;
/** Addresses that are remembered: those that tried last. */
const MOST_ADDRESSES = 1_000;

interface Tries {
  readonly sinceMs: number;
  count: number;
}

/** Counts wrong tokens by address. */
export class Attempts {
  readonly #byAddress = new Map<string, Tries>();

  note(address: string, nowMs = performance.now()): void {
    const tries = this.#current(address, nowMs);
    if (tries !== undefined) {
      tries.count += 1;
      return;
    }
    // Behind all others, in the order of a map.
    this.#byAddress.delete(address);
    this.#byAddress.set(address, { sinceMs: nowMs, count: 1 });
    const [oldest] = this.#byAddress.keys();
    if (this.#byAddress.size > MOST_ADDRESSES && oldest !== undefined) this.#byAddress.delete(oldest);
  }

  areTooMany(address: string, nowMs = performance.now()): boolean {
    return (this.#current(address, nowMs)?.count ?? 0) >= MOST_A_MINUTE;
  }

  #current(address: string, nowMs: number): Tries | undefined {
    const tries = this.#byAddress.get(address);
    return tries !== undefined && nowMs - tries.sinceMs < MINUTE_MS ? tries : undefined;
  }
}
