import type { Calendar } from "../core/calendar.js";
import type { DailyQuota } from "../core/daily-quota.js";
import type { SegmentSink } from "../core/segment.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import type { CategoryNames } from "./category-names.js";
import type { Refusals } from "./refusals.js";
import type { OpenWindows } from "./windows/open-windows.js";

/** What every category writer needs. */
export interface WriterContext {
  readonly sink: SegmentSink;
  readonly calendar: Calendar;
  readonly names: CategoryNames;
  /** Lines of other hosts have folders of their own in raw, by host. */
  readonly hostFolders?: boolean;
  /** Lines that are no samples, until a manifest tells of them. */
  readonly refusals: Refusals;
  /** Of records that rules keep for ever; absent: all of them. */
  readonly permanentQuota?: DailyQuota | undefined;
  readonly telemetry: Telemetry;
  /** Where records of summaries over windows are counted. */
  readonly windows: OpenWindows;
}
