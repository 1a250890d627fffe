import { pipeline } from "node:stream/promises";
import type { OpenWindows } from "./categories/windows/open-windows.js";
import type { Settings } from "./config/schema.js";
import { Calendar } from "./core/calendar.js";
import type { Container } from "./core/container.js";
import type { LineJoiner } from "./core/line.js";
import type { Source, StoredPosition } from "./core/source.js";
import { classifyStage } from "./pipeline/classify-stage.js";
import type { HeldRecords } from "./pipeline/held/held-records.js";
import type { Housekeeping } from "./pipeline/housekeeping.js";
import { Intake } from "./pipeline/intake.js";
import { createHousekeeping } from "./pipeline/keeping.js";
import { type Output, openOutput } from "./pipeline/output.js";
import { Patience } from "./pipeline/patience.js";
import { understandStage } from "./pipeline/understand-stage.js";
import { writeStage } from "./pipeline/write-stage.js";
import { createJoiner } from "./records/joiner.js";
import { createRedact } from "./records/redact/redact.js";
import { FORMATS } from "./records/text.js";
import { createUnderstand } from "./records/understand.js";
import { compilePattern } from "./rules/match/regexp/compile-pattern.js";
import { RuleStore } from "./rules/reload.js";
import { RuleWatch } from "./rules/watch.js";
import { StatusFile } from "./status/status-file.js";
import { Store } from "./store/store.js";
import {
  badLabel,
  secretsKept,
  sidecarStarted,
  sidecarStopped,
  windowsKept,
} from "./telemetry/sidecar-events.js";
import type { Telemetry } from "./telemetry/telemetry.js";

/** What a source is made from, by the command that knows which one is wanted. */
export interface SourceParts {
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly restored: ReadonlyMap<string, StoredPosition>;
  readonly createJoiner: (container: Container) => LineJoiner;
}

export interface SidecarOptions<S extends Source> {
  readonly settings: Settings;
  /** Folders with rules, as the setting `rulesDir` names them. */
  readonly rulesDir: string;
  readonly telemetry: Telemetry;
  readonly createSource: (parts: SourceParts) => S;
}

interface SidecarParts<S> {
  readonly patience: Patience;
  /** Rejects when the store cannot go on at all. */
  readonly fatal: Promise<never>;
  readonly source: S;
  readonly rules: RuleStore;
  readonly rulesDir: string;
  readonly store: Store;
  readonly windows: OpenWindows;
  readonly held: HeldRecords;
  readonly stages: ReturnType<typeof buildStages>;
  readonly status: StatusFile;
  readonly housekeeping: Housekeeping;
  readonly telemetry: Telemetry;
}

/**
 * All parts, in the order in which a line meets them:
 * source → intake → understand → classify → write → store.
 */
export class Sidecar<S extends Source> {
  readonly #parts: SidecarParts<S>;

  private constructor(parts: SidecarParts<S>) {
    this.#parts = parts;
  }

  get source(): S {
    return this.#parts.source;
  }

  get rules(): RuleStore {
    return this.#parts.rules;
  }

  /** Rules first: bad rules must not touch the volume. Then the volume, brought back to its last commit. */
  static async open<S extends Source>(options: SidecarOptions<S>): Promise<Sidecar<S>> {
    const { settings, telemetry, rulesDir } = options;
    const { logsources, fieldAliases } = settings;
    const rules = await RuleStore.open({ dir: rulesDir, telemetry, logsources, fieldAliases });
    const calendar = new Calendar(settings.timeZone);
    const { promise: fatal, reject: onFatal } = rejectable();
    // The store may ask for space before it is open.
    let opened: Store | undefined;
    const housekeeping = createHousekeeping({ settings, telemetry, store: () => opened });
    const store = await Store.open({
      logDir: settings.logDir,
      calendar,
      segmentSizeBytes: settings.segmentSize,
      batchSize: settings.batchSize,
      flushIntervalMs: settings.flushInterval,
      bufferLimitBytes: settings.bufferLimit,
      stagedMaxEntries: settings.trainingSamples,
      stagedMaxAgeMs: settings.trainingAge,
      onFatal,
      onDiskFull: () => housekeeping.onDiskFull(),
      telemetry,
    });
    opened = store;
    const output = await openOutput({ settings, store, calendar, rules, telemetry });
    const { positions, ledger, windows, held } = output;
    const patience = new Patience(() => store.room());
    const sheds = () => housekeeping.sheds();
    const stages = buildStages({ ...output, settings, telemetry, rules, patience, sheds });
    const badMultiline = badLabel(telemetry, "multiline");
    const source = options.createSource({
      settings,
      telemetry,
      restored: positions.all(),
      createJoiner: (container) => createJoiner(container, { compilePattern, onBad: badMultiline }),
    });
    const { logDir } = settings;
    const status = new StatusFile({ logDir, store, ledger, windows, housekeeping, rules, telemetry });
    if (settings.redact === "off") secretsKept(telemetry);
    // Of the aliases most are built in, and long.
    sidecarStarted(telemetry, { ...settings, fieldAliases: fieldAliases.length });
    return new Sidecar({
      source,
      rules,
      rulesDir,
      store,
      windows,
      held,
      patience,
      fatal,
      stages,
      status,
      housekeeping,
      telemetry,
    });
  }

  /** Collects until the source ends or `stop` is called; then everything is committed and the volume given back. */
  async run(): Promise<void> {
    const { source, store, windows, held, status, housekeeping, patience, telemetry, fatal } = this.#parts;
    const { intake, flowing } = this.#parts.stages;
    const watch = new RuleWatch(this.rules, { dir: this.#parts.rulesDir, telemetry });
    status.start();
    void housekeeping.start();
    windows.start((rows) => store.noteRecords(rows, false));
    const collecting = source.run(intake);
    // A stage that fails would leave the source waiting for ever.
    const failed = flowing.catch(async (error: unknown) => {
      await source.stop();
      throw error;
    });
    try {
      await Promise.race([collecting, failed, fatal]);
      await collecting;
      intake.end();
      await Promise.race([failed, fatal]);
      held.end();
      // Of a source that resumes, windows that are not over wait in the checkpoint for the lines of the next run.
      if (!source.resumes) {
        windows.writeAll();
        // What a pipe gave can't be read again: on a full disk it waits for space as long as nobody says stop.
        await Promise.race([patience.until(store.commit()), fatal]);
      }
    } finally {
      held.stop();
      windows.stop();
      await watch.close();
      await Promise.all([housekeeping.stop(), store.close()]);
      await status.stop();
    }
    windowsKept(telemetry, windows.size);
    sidecarStopped(telemetry);
  }

  /** No further lines are read; `run` resolves when what was read is committed. */
  async stop(): Promise<void> {
    this.#parts.patience.end();
    await this.source.stop();
  }
}

interface StageParts extends Output {
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly rules: RuleStore;
  readonly patience: Patience;
  readonly sheds: () => boolean;
}

function buildStages({ settings, telemetry, rules, patience, ...parts }: StageParts) {
  const { counters } = telemetry;
  const badFormat = badLabel(telemetry, "format");
  const understand = createUnderstand({
    redact: createRedact(settings, (kind) => counters.add("secrets_redacted_total", 1, kind)),
    onBadFormat: (container, format) => badFormat(container, `"${format}" is none of ${FORMATS.join(", ")}`),
  });
  const first = understandStage({ understand, counters });
  const second = classifyStage(() => {
    const { current } = rules;
    return (record) => current.classify(record);
  });
  const last = writeStage({ ...parts, room: () => patience.wait(), counters });
  return { intake: new Intake(first), flowing: pipeline(first, second, last) };
}

/** A promise that only ever rejects, and may do so before anybody waits for it. */
function rejectable(): { readonly promise: Promise<never>; readonly reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejectIt) => {
    reject = rejectIt;
  });
  promise.catch(() => undefined);
  return { promise, reject };
}
