import type { Decision, Target } from "../core/decision.js";
import type { Category, LogRecord } from "../core/record.js";
import type { WriterContext } from "./context.js";
import { RawWriter } from "./raw.js";
import { SummaryWriter } from "./summary.js";
import { TaggedWriter } from "./tagged.js";
import { TrainingWriter } from "./training.js";

/** What a record is written to, and the rules that say so. */
export type RecordTargets = Pick<Decision, "rule" | "targets" | "drop">;

/** A record becomes entries of the categories that its decision names. */
export interface Writers {
  /**
   * Hands the record's entries to the sink, all before it returns; gives the number of categories that it went to. A
   * refused sample goes to raw, as does what is more than may be kept for ever, unless raw has the record anyway (`hasRaw`): from another part of its decision.
   */
  write(record: LogRecord, decision: RecordTargets, hasRaw?: boolean): number;
  /** The folders below the log folder that were written to: `raw/api`. */
  folders(): readonly string[];
}

/** The one entry to the categories. */
export function createWriters(context: WriterContext): Writers {
  const { counters } = context.telemetry;
  const raw = new RawWriter(context);
  const summary = new SummaryWriter(context);
  const training = new TrainingWriter(context);
  const tagged = new TaggedWriter(context);

  /** The category that took the record; undefined where it was refused. */
  function writeTarget(record: LogRecord, target: Target, rule: string | undefined): Category | undefined {
    switch (target.category) {
      case "raw":
        raw.write(record, rule);
        return "raw";
      case "summary":
        summary.write(record, target);
        return "summary";
      case "training":
        return training.write(record, target) ? "training" : undefined;
      case "tagged":
        return tagged.write(record, target) ? "tagged" : undefined;
    }
  }

  return {
    write(record, decision, hasRaw = false) {
      if (decision.drop) return 0;
      let count = 0;
      let isRefused = false;
      let isRaw = hasRaw;
      for (const target of decision.targets) {
        const category = writeTarget(record, target, decision.rule);
        if (category === undefined) {
          isRefused = true;
          continue;
        }
        count += 1;
        if (category === "raw") isRaw = true;
        counters.add("records_written_total", 1, category);
      }
      if (!isRefused || isRaw) return count;
      raw.write(record, decision.rule);
      counters.add("records_written_total", 1, "raw");
      return count + 1;
    },
    folders: () => [...raw.folders(), ...summary.folders(), ...training.folders(), ...tagged.folders()],
  };
}
