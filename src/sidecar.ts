import type { OpenWindows } from "./categories/windows/open-windows.js";
import { shownSettings } from "./config/shown.js";
import { Calendar } from "./core/calendar.js";
import { rejectable } from "./core/rejectable.js";
import type { Source } from "./core/source.js";
import type { HttpService } from "./http/http.js";
import { fittingBuffer, fittingSizes } from "./pipeline/fitting.js";
import { type FlushReport, flush, flushFor } from "./pipeline/flush.js";
import type { HeldRecords } from "./pipeline/held/held-records.js";
import type { Housekeeping } from "./pipeline/housekeeping.js";
import { createHousekeeping } from "./pipeline/keeping.js";
import { layLane } from "./pipeline/lessons/open-lane.js";
import { gapsOf } from "./pipeline/lost-files.js";
import { openOutput } from "./pipeline/output.js";
import { Patience } from "./pipeline/patience.js";
import { buildStages, type Stages } from "./pipeline/stages.js";
import { understandLineBy } from "./pipeline/understanding.js";
import { createJoiner } from "./records/joiner.js";
import { compilePattern } from "./rules/match/regexp/compile-pattern.js";
import { RuleStore } from "./rules/reload.js";
import { RuleWatch } from "./rules/watch.js";
import { IndexKeeper } from "./search/index/keeper.js";
import type { BesideForwarder, SidecarOptions } from "./sidecar-options.js";
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
import { OwnUpkeep } from "./upkeep/own-upkeep.js";

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
  readonly stages: Stages;
  readonly status: StatusFile;
  readonly housekeeping: Housekeeping;
  readonly indexes: IndexKeeper | undefined;
  readonly telemetry: Telemetry;
  readonly flush: () => Promise<FlushReport>;
  readonly openHttp: () => Promise<HttpService | undefined>;
  readonly forwarder: BesideForwarder | undefined;
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
    const { settings, telemetry, rulesDir, forwarder } = options;
    const { logsources, fieldAliases } = settings;
    const wishQuotaBytes = settings.wishQuota;
    const rules = await RuleStore.open({
      dir: rulesDir,
      telemetry,
      logsources,
      fieldAliases,
      wishQuotaBytes,
    });
    const calendar = new Calendar(settings.timeZone);
    const { promise: fatal, reject: onFatal } = rejectable();
    // The store may ask for space before it is open.
    let opened: Store | undefined;
    const housekeeping = createHousekeeping({ settings, telemetry, store: () => opened });
    const store = await Store.open({
      logDir: settings.logDir,
      calendar,
      ...(await fittingSizes(settings)),
      batchSize: settings.batchSize,
      flushIntervalMs: settings.flushInterval,
      bufferLimitBytes: fittingBuffer(settings.bufferLimit, process.constrainedMemory()),
      stagedMaxEntries: settings.trainingSamples,
      stagedMaxAgeMs: settings.trainingAge,
      onFatal,
      onDiskFull: () => housekeeping.onDiskFull(),
      telemetry,
    });
    opened = store;
    const ground = layLane(store, settings.lane, telemetry);
    const output = await openOutput({ settings, store, calendar, rules, telemetry, sink: ground.sink });
    const { positions, ledger, windows, held } = output;
    const patience = new Patience(() => store.room());
    const sheds = () => housekeeping.sheds();
    const parts = { ...output, settings, telemetry, rules, patience, sheds, calendar, store, ground };
    const stages = buildStages(parts);
    const badMultiline = badLabel(telemetry, "multiline");
    const source = options.createSource({
      settings,
      telemetry,
      restored: positions.all(),
      handed: () => positions.all(),
      commits: () => store.status().commits,
      createJoiner: (container) => createJoiner(container, { compilePattern, onBad: badMultiline }),
    });
    const { logDir } = settings;
    const forward = forwarder && (() => forwarder.status);
    const statusParts = { logDir, store, ledger, windows, housekeeping, rules, telemetry, forward };
    const status = new StatusFile(statusParts);
    const openPaths = () => store.openPaths();
    const hasRoom = () => !store.status().diskFull;
    const indexes = settings.searchIndex
      ? new IndexKeeper({ logDir, openPaths, hasRoom, telemetry })
      : undefined;
    if (settings.redact === "off") secretsKept(telemetry);
    sidecarStarted(telemetry, shownSettings(settings));
    const flushNow = () => flush({ intake: stages.intake, store, ledger });
    const upkeep = new OwnUpkeep({
      retention: housekeeping.retention,
      readStatus: () => status.collect(),
      flush: flushNow,
    });
    const { http } = options;
    const openHttp = async () => {
      if (http === undefined) return undefined;
      // A pipe mostly does without, and without all that Node needs for it.
      const { openHttp: open } = await import("./http/http.js");
      const understand = understandLineBy(settings);
      const { examine } = http;
      const answering = { source, forwarder, rules, store, ledger, housekeeping, upkeep, examine };
      return open({ ...answering, settings, telemetry, understand }, http);
    };
    return new Sidecar({
      flush: flushNow,
      openHttp,
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
      indexes,
      telemetry,
      forwarder,
    });
  }

  /** Collects until the source ends or `stop` is called; then everything is committed and the volume given back. */
  async run(): Promise<void> {
    const { source, forwarder, store, windows, held, status, housekeeping, indexes } = this.#parts;
    const { patience, telemetry, fatal } = this.#parts;
    const { intake, flowing } = this.#parts.stages;
    const watch = new RuleWatch(this.rules, { dir: this.#parts.rulesDir, telemetry });
    status.start();
    void housekeeping.start();
    indexes?.start();
    windows.start((rows) => store.noteRecords(rows, false));
    // A stage that fails would leave the source waiting for ever.
    const failed = flowing.catch(async (error: unknown) => {
      await source.stop();
      throw error;
    });
    let http: HttpService | undefined;
    try {
      http = await this.#parts.openHttp();
      status.http = http?.peer;
      for (const gap of gapsOf(store.lost)) await intake.deliver(gap);
      const forwarding = forwarder?.run();
      const collecting = source.run(intake);
      // Of the forwarder only a failure is waited for: what it has to send yet must not keep what was read from being committed.
      await Promise.race([collecting, failed, fatal, forwarding?.then(() => collecting) ?? collecting]);
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
      if (forwarding !== undefined) {
        await Promise.race([patience.until(store.commit()), fatal]);
        await forwarding;
      }
    } finally {
      held.stop();
      windows.stop();
      await Promise.all([watch.close(), http?.close(), forwarder?.stop()]);
      await Promise.all([housekeeping.stop(), indexes?.stop(), store.close()]);
      await status.stop();
    }
    windowsKept(telemetry, windows.size);
    sidecarStopped(telemetry);
  }

  /** Commits what was read, and says what that was in the log. Never rejects. */
  flush(why: string): Promise<void> {
    return flushFor(why, this.#parts.flush, this.#parts.telemetry);
  }

  /** No further lines are read; `run` resolves when what was read is committed. */
  async stop(): Promise<void> {
    this.#parts.patience.end();
    await Promise.all([this.source.stop(), this.#parts.forwarder?.stop()]);
  }
}
