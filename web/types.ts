/** A stored record, as `/api/search` and `/api/tail` give it. */
export interface StoredRecord {
  readonly ts: string;
  readonly level: string;
  readonly component: string;
  readonly event_type?: string;
  readonly message?: string;
  readonly container?: string;
  readonly stream?: string;
  readonly rule?: string;
  readonly tags?: readonly string[];
  readonly severity?: string;
  readonly repeated?: number;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A row of a table. */
export interface StoredRow {
  readonly ts: string;
  readonly table: string;
  readonly columns: Readonly<Record<string, string>>;
}

/** What was found, with its place. */
export interface StoredEntry {
  readonly path: string;
  readonly at: number;
  readonly record?: StoredRecord;
  readonly row?: StoredRow;
  readonly before?: readonly StoredRecord[];
  readonly after?: readonly StoredRecord[];
}

/** What `/api/rules` answers. */
export interface RulesAnswer {
  readonly files: number;
  readonly native: number;
  readonly sigma: number;
  readonly tests: number;
  readonly trouble: string | null;
  readonly leftOut: readonly string[];
  readonly rules: readonly {
    readonly id: string;
    readonly title?: string;
    readonly kind: "native" | "sigma";
    readonly file: string;
    readonly line: number;
    /** Lines that it took or tagged: since the start, in the last hour, in the last day. */
    readonly matches: number;
    readonly hour: number;
    readonly day: number;
    /** To the minute; null where there was none since the start. */
    readonly last: string | null;
    /** Names in `/metrics`. */
    readonly metrics: readonly string[];
  }[];
}

/** What `/api/summary` and `/api/summary/TABLE` answer. */
export interface TablesAnswer {
  readonly tables: readonly {
    readonly table: string;
    readonly files: number;
    readonly from: string;
    readonly to: string;
  }[];
}
export interface TableAnswer {
  readonly table: string;
  readonly rows: number;
  readonly every: number;
  readonly ts: readonly string[];
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

/** What `/api/training` answers; of a manifest what the page shows. */
export interface TrainingAnswer {
  readonly datasets: readonly {
    readonly dataset: string;
    readonly files: readonly {
      readonly file: string;
      readonly date: string;
      readonly manifest: {
        readonly samples?: number;
        readonly bytes?: number;
        readonly labels?: Readonly<Record<string, number>> | null;
        readonly refused?: {
          readonly lines: number;
          readonly reasons: readonly {
            readonly why: string;
            readonly field: string;
            readonly lines: number;
          }[];
        };
      } | null;
    }[];
  }[];
}
