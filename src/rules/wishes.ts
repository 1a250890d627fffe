import type { Container } from "../core/container.js";
import { DailyQuota } from "../core/daily-quota.js";
import type { FieldReader, NamedField, Target } from "../core/decision.js";
import type { JsonObject, LogRecord } from "../core/record.js";
import { readField, readValue } from "./fields.js";
import type { Part } from "./part.js";
import { LEVEL_SEVERITY, severityOf } from "./severity.js";

/** v1.0's own fields: they describe the event, the others belong to it. */
const EVENT_FIELDS = new Set([
  "category",
  "level",
  "component",
  "event_type",
  "message",
  "metadata",
  "tags",
  "timestamp",
]);

/** Tables that lines asked for by themselves: columns per table, tables of a container, and tables in all. More go to raw. */
const COLUMNS_LIMIT = 64;
const TABLES_OF_ONE = 25;
const TABLES_LIMIT = 500;

/** How long an event is kept that an app alone called tagged: an app must not be able to fill the disk for ever. */
const WISH_RETENTION = "365d";

export interface WishOptions {
  /** Of a container's lines that call themselves tagged, so many bytes (as characters) of a day do go there; undefined: all. */
  readonly taggedQuotaBytes?: number | undefined;
  /** Hears of each record that is more than that … */
  readonly onOverQuota?: ((container: Container) => void) | undefined;
  /** … and of each that asked for a table of its own when its container, or all, had too many. */
  readonly onTooManyTables?: ((container: Container) => void) | undefined;
}

const RAW: Part = wishPart([{ category: "raw" }]);

function wishPart(targets: readonly Target[]): Part {
  return {
    rule: undefined,
    sigma: false,
    drop: false,
    targets,
    sampled: false,
    edit: undefined,
    dedupe: undefined,
  };
}

/**
 * What becomes of `category` in a line that no rule matched. Tagged is kept for a year with the severity that the event
 * says, else its level's; for ever only by a rule. Summary becomes a row in a table called like the component, with a column for each plain
 * value of the event. Training needs features that only a rule can name, so it stays in raw, as does a summary without
 * plain values.
 */
export class Wishes {
  readonly #made = new Map<string, Part>();
  readonly #options: WishOptions;
  /** Of lines that go to tagged. */
  readonly #quota: DailyQuota | undefined;
  /** Tables by the container that asked for them first: one that makes names up must not use up the share of the others. */
  readonly #tables = new Map<string, number>();
  #tableCount = 0;
  readonly #readSeverity: FieldReader = readField("severity");

  constructor(options: WishOptions = {}) {
    this.#options = options;
    const { taggedQuotaBytes, onOverQuota = () => undefined } = options;
    if (taggedQuotaBytes !== undefined) this.#quota = new DailyQuota(taggedQuotaBytes, onOverQuota);
  }

  part(record: LogRecord): Part {
    if (record.wish === "tagged") return this.#isWithinQuota(record) ? this.#toTagged(record) : RAW;
    if (record.wish === "summary") return this.#summary(record);
    return RAW;
  }

  #isWithinQuota({ container, ts, text }: LogRecord): boolean {
    return this.#quota?.admits(container, ts, text.length) ?? true;
  }

  #toTagged(record: LogRecord): Part {
    const severity = severityOf(this.#readSeverity(record)) ?? LEVEL_SEVERITY[record.level];
    return this.#once(`tagged ${severity}`, () =>
      wishPart([{ category: "tagged", rule: "wish", tags: [], severity, retention: WISH_RETENTION }]),
    );
  }

  #summary(record: LogRecord): Part {
    const names = plainNames(record.data);
    if (names.length === 0 || names.length > COLUMNS_LIMIT) return RAW;
    // The columns depend on this record alone: a line that is written again after a crash finds the same table.
    const key = JSON.stringify([record.component, ...names]);
    if (!this.#made.has(key) && !this.#mayMakeTable(record.container)) return RAW;
    return this.#once(key, () => {
      const columns = ["event_type", "message", ...names].map(column);
      return wishPart([{ category: "summary", table: record.component, columns, windows: undefined }]);
    });
  }

  #mayMakeTable(container: Container): boolean {
    const tables = this.#tables.get(container.name) ?? 0;
    if (tables >= TABLES_OF_ONE || this.#tableCount >= TABLES_LIMIT) {
      this.#options.onTooManyTables?.(container);
      return false;
    }
    this.#tables.set(container.name, tables + 1);
    this.#tableCount += 1;
    return true;
  }

  #once(key: string, make: () => Part): Part {
    let part = this.#made.get(key);
    if (part === undefined) {
      part = make();
      this.#made.set(key, part);
    }
    return part;
  }
}

function column(name: string): NamedField {
  return { name, read: readValue(name) };
}

/** Names of the event's values that fit a cell, sorted so that their order in the line makes no other table. */
function plainNames(data: JsonObject | undefined): string[] {
  if (data === undefined) return [];
  const inner = data["metadata"];
  const event = typeof inner === "object" && inner !== null && !Array.isArray(inner) ? inner : data;
  return Object.entries(event)
    .filter(([name, value]) => typeof value !== "object" && !EVENT_FIELDS.has(name) && name !== "ts")
    .map(([name]) => name)
    .sort();
}
