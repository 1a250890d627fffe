/** Of records in a minute: how many, by level, by container and by rule. */
export interface MinuteCounts {
  /** Minutes since 1970. */
  readonly minute: number;
  readonly levels: Record<string, number>;
  readonly containers: Record<string, number>;
  readonly rules: Record<string, number>;
}

const LINE =
  /^\{"ts":"(\d{4}-\d\d-\d\dT\d\d:\d\d):[^"]*","level":"([a-z]+)".*?"container":"((?:[^"\\]|\\.)*)","stream":"\w+"(?:,"rule":"((?:[^"\\]|\\.)*)")?/s;

/** So many names of a kind have counts of their own in a minute; more share `other`. */
const MOST_NAMES = 50;
const OTHER = "other";

/** Counts the records of a segment, minute by minute, as they stand in it. */
export class CountsBuilder {
  readonly #minutes = new Map<number, MinuteCounts>();
  #text = "";
  #counts: MinuteCounts | undefined;
  /** The first and the last time; engine timestamps to the minute. */
  #from = "";
  #to = "";
  lines = 0;

  /** A record's line; one that somebody else wrote is counted as a line only. */
  add(line: string): void {
    this.lines += 1;
    const found = LINE.exec(line);
    if (found === null) return;
    const [, minute, level, container, rule] = found;
    const counts = this.#minute(minute!);
    count(counts.levels, level!);
    count(counts.containers, container!);
    if (rule !== undefined) for (const each of rule.split(",")) count(counts.rules, each);
  }

  get from(): string {
    return this.#from;
  }

  get to(): string {
    return this.#to;
  }

  list(): MinuteCounts[] {
    return [...this.#minutes.values()].sort((a, b) => a.minute - b.minute);
  }

  #minute(text: string): MinuteCounts {
    if (text === this.#text && this.#counts !== undefined) return this.#counts;
    if (this.#from === "" || text < this.#from) this.#from = text;
    if (text > this.#to) this.#to = text;
    const minute = Date.parse(`${text}Z`) / 60_000;
    const counts = this.#minutes.get(minute) ?? {
      minute,
      levels: named(),
      containers: named(),
      rules: named(),
    };
    this.#minutes.set(minute, counts);
    this.#text = text;
    this.#counts = counts;
    return counts;
  }
}

/** Names come from apps: one that every object has is a name as well. */
function named(): Record<string, number> {
  return Object.create(null) as Record<string, number>;
}

function count(counts: Record<string, number>, name: string): void {
  const key = name in counts || Object.keys(counts).length < MOST_NAMES ? name : OTHER;
  counts[key] = (counts[key] ?? 0) + 1;
}
