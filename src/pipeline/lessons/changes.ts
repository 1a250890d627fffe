import type { CounterName, Counters } from "../../telemetry/counters.js";
import type { Account } from "../ledger.js";
import { isKnownCounter } from "./plannable.js";

/** What one line changed in the books. */
export interface Change {
  readonly counters: readonly { readonly name: CounterName; readonly label: string; readonly by: number }[];
  readonly account: readonly { readonly name: NumberName; readonly by: number }[];
}

type NumberName = Exclude<keyof Account, "name" | "earlierNames">;

/** Counted by who takes the lines, each with figures of its own. */
const OTHERWISE: ReadonlySet<CounterName> = new Set<CounterName>(["lines_read_total", "bytes_read_total"]);

/** What an account says besides figures. */
const NAMES: ReadonlySet<string> = new Set<keyof Account>(["name", "earlierNames"]);

/** Sees what a line changes in its container's account and in the counters. */
export class Changes {
  readonly #counters: Counters;
  #before = new Map<string, number>();
  #account: Account | undefined;

  constructor(counters: Counters) {
    this.#counters = counters;
  }

  begin(account: Account): void {
    this.#before = new Map(
      entriesOf(this.#counters).map(({ name, label, value }) => [`${name} ${label}`, value]),
    );
    this.#account = { ...account };
  }

  /** Undefined when it was not one line with nothing but plain effects. */
  end(account: Account): Change | undefined {
    const counters = entriesOf(this.#counters).flatMap(({ name, label, value }) => {
      const by = value - (this.#before.get(`${name} ${label}`) ?? 0);
      return by === 0 || OTHERWISE.has(name) ? [] : [{ name, label, by }];
    });
    const before = this.#account;
    if (before === undefined || !counters.every(({ name }) => isKnownCounter(name))) return undefined;
    const numbers = Object.keys(account).filter((name): name is NumberName => !NAMES.has(name));
    const changed = numbers.flatMap((name) => {
      const by = account[name] - before[name];
      return by === 0 ? [] : [{ name, by }];
    });
    return account.read - before.read === 1 ? { counters, account: changed } : undefined;
  }

  /** The same so many times. */
  apply(change: Change, times: number, account: Account): void {
    for (const { name, by } of change.account) account[name] += by * times;
    for (const { name, label, by } of change.counters) this.#counters.add(name, by * times, label);
  }
}

function entriesOf(counters: Counters): { name: CounterName; label: string; value: number }[] {
  return Object.entries(counters.toJSON()).flatMap(([key, values]) => {
    const name = key as CounterName;
    if (typeof values === "number") return [{ name, label: "", value: values }];
    return Object.entries(values).map(([label, value]) => ({ name, label, value }));
  });
}
