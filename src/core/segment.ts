import type { Category } from "./record.js";

/**
 * A series of output files that continue each other: `folder/stem_date.ext`, then `stem_date.1.ext` and so on
 * when one has grown past the segment size or cannot be continued. All parts are safe path parts already.
 */
export interface SeriesSpec {
  readonly category: Category;
  /** Below the log folder, for example `raw/onnx-sentiment`. */
  readonly folder: string;
  readonly stem: string;
  /** Calendar date in the configured time zone: `2026-01-31`. */
  readonly date: string;
  readonly extension: ".jsonl" | ".csv";
  /** Stands once at the top of each file (a CSV header with its line end); a file with another header is not continued. */
  readonly header: string;
}

/**
 * A series whose entries are first kept in `.sidecar/staged/` and become one finished file when it is sealed:
 * `folder/stem_date_n.ext`, with its manifest beside it. No two files of a stem and date have the same number, whatever their extension.
 */
export interface StagedSpec {
  readonly category: Category;
  readonly folder: string;
  readonly stem: string;
  readonly date: string;
  readonly extension: ".npz" | ".pkl";
  /** First line of the staged file (with its line end): the schema that `finish` needs. */
  readonly header: string;
}

/** Below the log folder: sealed segments move there, under their own path. */
export const ARCHIVE_FOLDER = "archive";

/** The manifest beside a finished file, which may have been compressed since: of `d_2026-01-31_1.npz` it is `d_2026-01-31_1.json`. */
export function manifestOf(path: string): string {
  return path.replace(/\.(?:npz|pkl)(?:\.gz)?$/, ".json");
}

/** Takes text for a series. Never blocks, never throws: bytes wait in memory until they are written. */
export interface Appender {
  /** One or more whole entries, each with its line end. */
  append(text: string, entries: number): void;
}

/** An appender that takes bytes too. */
export interface ByteAppender extends Appender {
  /** Whole entries as UTF-8. The bytes are copied. */
  appendBytes(bytes: Uint8Array, entries: number): void;
  /** How much goes to the file that is open: an entry that begins behind `bytes`, or behind so many others, begins the next one. */
  room(): { readonly bytes: number; readonly entries: number };
}

/**
 * Makes a finished file at `target` (a temporary name) out of the staged entries at `source` (header line first). Gives the text of the
 * manifest that is to stand beside the file, `folder/stem_date_n.json`, if there is to be one. `target` ends in the file's later name.
 */
export type Finish = (source: string, target: string) => Promise<string | undefined>;

/** What category writers need of the store. */
export interface SegmentSink {
  series(spec: SeriesSpec): Appender;
  staged(spec: StagedSpec, finish: Finish): Appender;
}

/**
 * Something whose state must be durable together with the output: positions, ledger, open windows.
 * `snapshot` is called at the beginning of a commit, in one go with all others, and returns JSON
 * text: a part that is large can keep the texts of what did not change since the last commit.
 */
export interface CommitPart {
  readonly name: string;
  snapshot(): string;
  /** What `snapshot` gave last is durable. */
  committed?(): void;
}
