import { z } from "zod";
import type { Container } from "../core/container.js";
import type { Line } from "../core/line.js";
import { type Category, LEVEL_RANK, type LogRecord } from "../core/record.js";
import { listSegments, readLines } from "../reading/segments.js";
import type { RuleSet } from "../rules/rule-set.js";
import { type HeldLinesOptions, listWatched, readHeldLines } from "../sources/docker/held-lines.js";
import type { WatchedContainer } from "../sources/docker/watched-container.js";
import type { Output } from "./output.js";
import { table } from "./table.js";

export interface VerifyOptions extends HeldLinesOptions {
  readonly logDir: string;
  readonly json: boolean;
  readonly rules: RuleSet;
  readonly understand: (line: Line, container: Container) => LogRecord;
  /** Ids of the containers that the sidecar collects. */
  readonly collected: ReadonlySet<string>;
}

/** What is found of one container. */
export interface Verdict {
  readonly container: string;
  /** Lines that the engine holds and that the rules send to raw or tagged. */
  readonly held: number;
  /** Lines that the rules send elsewhere or drop: they leave no line to compare with. */
  readonly elsewhere: number;
  /** Printed within the last seconds: not stored yet, or just being stored. */
  readonly recent: number;
  /** The first few, as `<time> <stream> <category>`. */
  readonly missing: readonly string[];
  readonly missingCount: number;
  readonly double: readonly string[];
  readonly doubleCount: number;
}

/** Lines are seen in the files within a second of being read; what is younger than this is not called missing. */
const RECENT_MS = 5_000;
const EXAMPLES = 10;
const CHECKED: readonly Category[] = ["raw", "tagged"];

/**
 * `log-sidecar verify`: compares what the engine still holds with what is stored. Returns 0 when every line is there
 * once, else 1. Keeps one entry in memory for each line that the engine holds.
 */
export async function verify(options: VerifyOptions, output: Output): Promise<0 | 1> {
  const watched = await listWatched(options.address);
  const counts = new StoredCounts();
  const verdicts: Verdict[] = [];
  const expected: Expected[] = [];
  const before = new Date(Date.now() - RECENT_MS).toISOString();
  for (const [id, one] of watched)
    if (options.collected.has(id)) expected.push(await expectedOf(one, options, before));
  for (const one of expected) counts.expect(one);
  for (const category of CHECKED) await countStored(options.logDir, category, counts);
  for (const one of expected) verdicts.push(counts.verdictOn(one));
  output.write(options.json ? `${JSON.stringify(verdicts)}\n` : verdictsText(verdicts));
  return verdicts.every(({ missingCount, doubleCount }) => missingCount + doubleCount === 0) ? 0 : 1;
}

const storedSchema = z.object({ container: z.string(), ts: z.string(), stream: z.string() });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller's schema refuses undefined.
    return undefined;
  }
}

interface Expected {
  readonly container: string;
  /** Keys of what must be stored once. */
  readonly keys: readonly string[];
  readonly elsewhere: number;
  readonly recent: number;
}

async function expectedOf(
  { container, ...rest }: WatchedContainer,
  options: VerifyOptions,
  before: string,
): Promise<Expected> {
  const keys: string[] = [];
  let elsewhere = 0;
  let recent = 0;
  await readHeldLines({ container, ...rest }, options, (lines) => {
    for (const line of lines) {
      if (line.ts > before) {
        recent += 1;
        continue;
      }
      const record = options.understand(line, container);
      const { targets, drop } = options.rules.classify(record);
      const below =
        container.minLevel !== undefined && LEVEL_RANK[record.level] < LEVEL_RANK[container.minLevel];
      const stored = drop || below ? [] : targets.filter(({ category }) => CHECKED.includes(category));
      if (stored.length === 0) elsewhere += 1;
      for (const { category } of stored) keys.push(keyOf(container.name, line.ts, line.stream, category));
    }
  });
  return { container: container.name, keys, elsewhere, recent };
}

function keyOf(container: string, ts: string, stream: string, category: Category): string {
  return `${ts} ${stream} ${category} ${container}`;
}

/** How often each expected line is stored. */
class StoredCounts {
  readonly #wanted = new Map<string, number>();
  readonly #stored = new Map<string, number>();

  expect({ keys }: Expected): void {
    // The same nanosecond twice on one stream is rare, but possible.
    for (const key of keys) this.#wanted.set(key, (this.#wanted.get(key) ?? 0) + 1);
  }

  found(key: string): void {
    if (this.#wanted.has(key)) this.#stored.set(key, (this.#stored.get(key) ?? 0) + 1);
  }

  verdictOn({ container, keys, elsewhere, recent }: Expected): Verdict {
    const distinct = [...new Set(keys)];
    const shown = (key: string) => key.slice(0, key.length - container.length - 1);
    const missing = distinct.filter((key) => (this.#stored.get(key) ?? 0) < this.#wanted.get(key)!);
    const double = distinct.filter((key) => (this.#stored.get(key) ?? 0) > this.#wanted.get(key)!);
    return {
      container,
      held: keys.length,
      elsewhere,
      recent,
      missing: missing.slice(0, EXAMPLES).map(shown),
      missingCount: missing.length,
      double: double.slice(0, EXAMPLES).map(shown),
      doubleCount: double.length,
    };
  }
}

async function countStored(logDir: string, category: Category, counts: StoredCounts): Promise<void> {
  for (const segment of await listSegments(logDir, category)) {
    for await (const text of readLines(logDir, segment)) {
      const record = storedSchema.safeParse(parseJson(text));
      // A line that somebody else wrote into the file is none of ours.
      if (record.success)
        counts.found(keyOf(record.data.container, record.data.ts, record.data.stream, category));
    }
  }
}

function verdictsText(verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return "the engine holds no lines of a container that this sidecar collects\n";
  const rows = verdicts.map((one) => [
    one.container,
    ...[one.held, one.elsewhere, one.recent, one.missingCount, one.doubleCount].map(String),
    one.missingCount + one.doubleCount === 0 ? "complete" : "NOT COMPLETE",
  ]);
  const header = ["container", "held", "elsewhere", "recent", "missing", "double", ""];
  const examples = verdicts.flatMap(({ container, missing, double }) => [
    ...missing.map((line) => `missing  ${container}  ${line}`),
    ...double.map((line) => `double   ${container}  ${line}`),
  ]);
  return table([header, ...rows]) + examples.map((line) => `${line}\n`).join("");
}
