import type { Category } from "../core/record.js";
import { isBefore, listSegments, plainPath, type SegmentFile } from "../reading/segments.js";
import { Columns, type ColumnsRequest, type Histogram } from "./columns.js";
import { CountsBuilder, type MinuteCounts } from "./index/counts.js";
import { IndexFile } from "./index/index-file.js";
import { segmentSize } from "./index/segment-size.js";
import { eachLine } from "./needle.js";
import { piecesForward } from "./pieces.js";

export interface HistogramRequest extends ColumnsRequest {
  readonly signal: AbortSignal;
}

const CATEGORIES: readonly Category[] = ["raw", "tagged"];

interface Growing {
  bytes: number;
  counts: CountsBuilder;
}

/**
 * Records over time, by the counts that indexes keep. Of segments without one the lines are counted once and remembered, and of those that
 * grow what has come since. A record that stands in raw and in tagged counts in both.
 */
export class Histograms {
  readonly #logDir: string;
  readonly #growing = new Map<string, Growing>();

  constructor(logDir: string) {
    this.#logDir = logDir;
  }

  async read({ signal, ...request }: HistogramRequest): Promise<Histogram> {
    const { by, since } = request;
    const columns = new Columns(request);
    const listed = new Set<string>();
    for (const category of CATEGORIES) {
      if (by === "rule" && category === "raw") continue;
      for (const segment of await listSegments(this.#logDir, category)) {
        listed.add(plainPath(segment.path));
        if (isBefore(segment.date, since)) continue;
        for (const counts of await this.#countsOf(segment, signal)) {
          const named = by === "category" ? { [category]: total(counts) } : counts[KEYS[by]];
          for (const [name, count] of Object.entries(named)) columns.add(counts.minute, name, count);
        }
      }
    }
    for (const path of this.#growing.keys()) if (!listed.has(path)) this.#growing.delete(path);
    return columns.histogram();
  }

  async #countsOf(segment: SegmentFile, signal: AbortSignal): Promise<readonly MinuteCounts[]> {
    const path = plainPath(segment.path);
    const size = await segmentSize(this.#logDir, segment.path).catch(() => -1);
    if (size < 0) return [];
    const known = this.#growing.get(path);
    if (known === undefined) {
      const index = await IndexFile.open(this.#logDir, path);
      try {
        if (index?.head.bytes === size) return await index.readCounts();
      } finally {
        await index?.close();
      }
    }
    const isCut = known !== undefined && known.bytes > size;
    const growing = known === undefined || isCut ? { bytes: 0, counts: new CountsBuilder() } : known;
    this.#growing.set(path, growing);
    if (growing.bytes < size) await this.#countOn(segment, growing, signal);
    return growing.counts.list();
  }

  async #countOn(segment: SegmentFile, growing: Growing, signal: AbortSignal): Promise<void> {
    const isPacked = segment.path.endsWith(".gz");
    const from = isPacked ? {} : { startBytes: growing.bytes };
    for await (const { bytes, at } of piecesForward(this.#logDir, segment, from)) {
      signal.throwIfAborted();
      // Another request may have come so far meanwhile.
      if (at < growing.bytes) continue;
      eachLine(bytes, (start, end) => growing.counts.add(bytes.toString("latin1", start, end)));
      growing.bytes = at + bytes.length;
    }
  }
}

const KEYS = { level: "levels", container: "containers", rule: "rules" } as const;

function total({ levels }: MinuteCounts): number {
  return Object.values(levels).reduce((sum, count) => sum + count, 0);
}
