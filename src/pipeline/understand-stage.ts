import through2 from "through2";
import type { Container } from "../core/container.js";
import type { Line } from "../core/line.js";
import { type LogRecord, OWN_PREFIX } from "../core/record.js";
import type { Gap, LineBatch } from "../core/source.js";
import { nsToTime, risingNowNs } from "../core/time.js";
import type { ServiceReads } from "../telemetry/service-reads.js";
import type { RecordBatch } from "./batch.js";

/** The event type of the record that stands where lines are missing. */
export const GAP_EVENT = `${OWN_PREFIX}gap`;

/** Batches that wait in front of a stage before sources are asked to wait. A batch is up to some 64 KB of lines. */
export const STAGE_DEPTH = 8;

interface UnderstandOptions {
  readonly understand: (line: Line, container: Container) => LogRecord;
  readonly reads: ServiceReads;
}

/** First stage: lines become records. */
export function understandStage(options: UnderstandOptions) {
  const work = understandBatches(options);
  return through2.obj({ highWaterMark: STAGE_DEPTH }, (source: LineBatch, _encoding, done) => {
    done(null, work(source));
  });
}

/** What the first stage does with a batch. */
export function understandBatches({ understand, reads }: UnderstandOptions) {
  return (source: LineBatch): RecordBatch => {
    const { lines, container, gap } = source;
    const records: LogRecord[] = gap === undefined ? [] : [gapRecord(gap, container)];
    for (const line of lines) records.push(understand(line, container));
    reads.addBatch(source);
    return { source, records };
  };
}

/** What stands in raw where lines can no longer be had. It stands for no line, so it counts for none. */
function gapRecord(gap: Gap, container: Container): LogRecord {
  const data = { container: container.name, from: gap.from, to: gap.to, why: gap.why };
  const message = `lines of ${container.name} are missing: ${gap.why}`;
  return {
    ts: gap.to ?? nsToTime(risingNowNs()),
    level: "warning",
    component: container.componentLabel ?? container.componentDefault,
    event_type: GAP_EVENT,
    message,
    stream: "stderr",
    tags: undefined,
    data,
    dataText: JSON.stringify(data),
    wish: undefined,
    text: message,
    container,
    truncated: false,
    lines: 0,
    repeated: undefined,
    last_ts: undefined,
  };
}
