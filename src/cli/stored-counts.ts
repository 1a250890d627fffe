import { z } from "zod";
import type { Category } from "../core/record.js";
import { Spans } from "./spans.js";

/** What is found of one container. */
export interface Verdict {
  /** Where it runs; absent where that is here. */
  readonly host?: string | undefined;
  readonly container: string;
  /** Lines that the engine holds and that the rules send to raw or tagged. */
  readonly held: number;
  /** Lines that the rules send elsewhere, drop or don't keep a share of: they leave no line to compare with. */
  readonly elsewhere: number;
  /** Printed within the last seconds: not stored yet, or just being stored. */
  readonly recent: number;
  /**
   * Lines of a rule with `dedupe` that a stored record with `repeated` may stand for: it is of that rule and container, and the
   * line's time is between its first and last. That it counted this very line can't be told.
   */
  readonly collapsed: number;
  /** The first few, as `<time> <stream> <category>`. */
  readonly missing: readonly string[];
  readonly missingCount: number;
  readonly double: readonly string[];
  readonly doubleCount: number;
}

const EXAMPLES = 10;

/** What is looked at of a line of raw or tagged. */
export const storedSchema = z.object({
  container: z.string(),
  host: z.string().optional(),
  ts: z.string(),
  stream: z.string(),
  rule: z.string().optional(),
  last_ts: z.string().optional(),
});

/** What is to be stored of the lines that the engine holds of a container. */
export interface Expected {
  readonly container: string;
  readonly host?: string | undefined;
  /** What else the container was called: lines that came then are stored under these names. */
  readonly earlierNames: readonly string[];
  /** Keys of what must be stored once. */
  readonly keys: readonly string[];
  /** Of what must be stored once, or be part of a record in a span of that name. */
  readonly deduped: readonly Deduped[];
  readonly elsewhere: number;
  readonly recent: number;
}

/** A line that may have become part of an equal record before it. */
export interface Deduped {
  readonly key: string;
  readonly ts: string;
  readonly span: string;
  readonly windowMs: number;
}

/** A time so much earlier, to the millisecond. */
export function earlier(time: string, ms: number): string {
  return new Date(Date.parse(time) - ms).toISOString();
}

/** Where records of a rule with `dedupe` stand for several lines. */
export function spanOf(container: string, category: Category, rule: string): string {
  return `${category} ${rule} ${container}`;
}

/** One stored line. */
export function keyOf(container: string, ts: string, stream: string, category: Category): string {
  return `${ts} ${stream} ${category} ${container}`;
}

/** How often each expected line is stored. */
export class StoredCounts {
  readonly #wanted = new Map<string, number>();
  readonly #stored = new Map<string, number>();
  /** From the first to the last of the records that one stands for, by container, category and rule. */
  readonly #spans = new Spans();
  readonly #windowsMs = new Map<string, number>();
  /** The present names of the containers that bear a name or once bore it. */
  readonly #bearers = new Map<string, string[]>();

  expect({ container, earlierNames, keys, deduped }: Expected): void {
    for (const name of [container, ...earlierNames]) {
      this.#bearers.set(name, [...(this.#bearers.get(name) ?? []), container]);
    }
    // The same nanosecond twice on one stream is rare, but possible.
    for (const key of [...keys, ...deduped.map((line) => line.key)]) {
      this.#wanted.set(key, (this.#wanted.get(key) ?? 0) + 1);
    }
    for (const { span, windowMs } of deduped) {
      this.#spans.expect(span);
      this.#windowsMs.set(span, windowMs);
    }
  }

  found({ container, ts, stream, rule, last_ts }: z.infer<typeof storedSchema>, category: Category): void {
    const bearers = this.#bearers.get(container) ?? [];
    const wantedIn = (where: Category) =>
      bearers.map((bearer) => keyOf(bearer, ts, stream, where)).filter((key) => this.#wanted.has(key));
    const own = wantedIn(category);
    // What is more than a quota of tagged is in raw instead.
    const wanted = own.length === 0 && category === "raw" ? wantedIn("tagged") : own;
    const key = wanted.find((each) => this.#storedOf(each) < this.#wanted.get(each)!) ?? wanted[0];
    if (key !== undefined) this.#stored.set(key, this.#storedOf(key) + 1);
    if (last_ts === undefined) return;
    const ids = rule?.split(",") ?? [];
    for (const span of bearers.flatMap((bearer) => ids.map((id) => spanOf(bearer, category, id)))) {
      // Engines stamp lines out of order: what came second can be a little earlier than what came first.
      this.#spans.add(span, earlier(ts, this.#windowsMs.get(span) ?? 0), last_ts);
    }
  }

  #storedOf(key: string): number {
    return this.#stored.get(key) ?? 0;
  }

  verdictOn({ container, host, keys, deduped, elsewhere, recent }: Expected): Verdict {
    const shown = (key: string) => key.slice(0, key.length - container.length - 1);
    const distinct = [...new Set([...keys, ...deduped.map(({ key }) => key)])];
    const spanned = this.#spannedOf(deduped);
    let collapsed = 0;
    const missing = distinct.filter((key) => {
      const short = this.#wanted.get(key)! - this.#storedOf(key);
      const inSpans = Math.min(Math.max(short, 0), spanned.get(key) ?? 0);
      collapsed += inSpans;
      return inSpans < short;
    });
    const double = distinct.filter((key) => this.#storedOf(key) > this.#wanted.get(key)!);
    return {
      ...(host !== undefined && { host }),
      container,
      held: keys.length + deduped.length,
      elsewhere,
      recent,
      collapsed,
      missing: missing.slice(0, EXAMPLES).map(shown),
      missingCount: missing.length,
      double: double.slice(0, EXAMPLES).map(shown),
      doubleCount: double.length,
    };
  }

  /**
   * How many of a line's records others can stand for. Several rules can want one of the same line in the same category, and a
   * key does not say whose it is.
   */
  #spannedOf(deduped: readonly Deduped[]): Map<string, number> {
    const spanned = new Map<string, number>();
    for (const { key, span, ts } of deduped) {
      if (this.#spans.covers(span, ts)) spanned.set(key, (spanned.get(key) ?? 0) + 1);
    }
    return spanned;
  }
}
