import type { Entry } from "../reading/entries.js";
import { Columns, type ColumnsRequest, type Histogram, type HistogramKind } from "./columns.js";
import { type Finds, keyOf } from "./found.js";
import { daysBack, type LookRequest, lookThrough } from "./search.js";
import { fieldsOf } from "./stored-fields.js";

/** Records over time that a query holds for. All lines have to be looked at, but those of segments that can hold none. */
export async function queryHistogram(request: LookRequest & ColumnsRequest): Promise<Histogram> {
  const columns = new Columns(request);
  for (const day of await daysBack(request)) await lookThrough(request, day, new Counted(request, columns));
  return columns.histogram();
}

/** So many tagged records of a date are known when their lines come from raw; where there are more, some lines count twice. */
const MOST_KNOWN = 200_000;

/** Counts what it is shown; a line that stands in tagged and in raw once. */
class Counted implements Finds {
  readonly hasBorder = true;
  readonly #since: string;
  readonly #by: HistogramKind;
  readonly #columns: Columns;
  readonly #tagged = new Set<string>();

  constructor({ since, by }: ColumnsRequest, columns: Columns) {
    this.#since = since;
    this.#by = by;
    this.#columns = columns;
  }

  isOld(ts: string): boolean {
    return ts < this.#since;
  }

  add(entry: Entry): void {
    const key = keyOf(entry);
    const [category = ""] = entry.path.split("/");
    if (this.#tagged.has(key)) return;
    if (category === "tagged" && this.#tagged.size < MOST_KNOWN) this.#tagged.add(key);
    const minute = Math.floor(Date.parse(entry.ts) / 60_000);
    for (const name of this.#namesOf(entry, category)) this.#columns.add(minute, name, 1);
  }

  #namesOf(entry: Entry, category: string): string[] {
    if (this.#by === "category") return [category];
    const value = fieldsOf(entry).own[this.#by];
    return typeof value === "string" ? value.split(this.#by === "rule" ? "," : "\n") : [];
  }
}
