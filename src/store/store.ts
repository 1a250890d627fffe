import { SidecarError } from "../core/errors.js";
import type { Appender, CommitPart, Finish, SegmentSink, SeriesSpec, StagedSpec } from "../core/segment.js";
import { storeBroke } from "../telemetry/store-events.js";
import { Chunks } from "./chunks.js";
import { Committer } from "./committer.js";
import { type Disk, realDisk } from "./disk.js";
import { pass } from "./fault-points.js";
import { Flusher } from "./flusher.js";
import { Folders } from "./folders.js";
import { Handles } from "./handles.js";
import { Homes } from "./homes.js";
import { Journal } from "./journal.js";
import { type Lock, takeLock } from "./lock.js";
import { Names } from "./names.js";
import type { StoreOptions, StoreStatus } from "./options.js";
import { STORE_FOLDER } from "./places.js";
import { type Recovered, recover } from "./recover.js";
import { Schedule } from "./schedule.js";
import { Sealer } from "./sealer.js";
import { SeriesBook } from "./series.js";
import { StagedBook } from "./staged.js";
import { Trouble } from "./trouble.js";
import { prepareVolume } from "./volume.js";
import { Waiting } from "./waiting.js";
import { Writer } from "./writer.js";

export type { StoreOptions, StoreStatus } from "./options.js";

/** What a test puts in place of the machine. */
export interface StoreWorld {
  readonly disk: Disk;
  /** Makes the folders and takes the lock. */
  readonly takeVolume: (onLost: () => void) => Promise<Lock>;
}

const STAGED_MAX_ENTRIES = 10_000;
const STAGED_MAX_AGE_MS = 15 * 60_000;
const CLOSE_LIMIT_MS = 7000;
const OPEN_FILES = 200;
const UNSYNCED_LIMIT_BYTES = 8 * 1024 * 1024;
const SWEEP_MS = 5000;

/** The log volume: takes text for files, and makes it durable together with the positions it came from. */
export class Store implements SegmentSink {
  readonly #options: StoreOptions;
  readonly #trouble: Trouble;
  readonly #waiting: Waiting;
  readonly #handles: Handles;
  readonly #journal: Journal;
  readonly #flusher: Flusher;
  readonly #series: SeriesBook;
  readonly #staged: StagedBook;
  readonly #sealer: Sealer;
  readonly #committer: Committer;
  readonly #schedule: Schedule;
  readonly #names: Names;
  #parts: Readonly<Record<string, unknown>> = {};
  #lock: Lock | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #fatal: Error | undefined;
  #closing: Promise<void> | undefined;

  private constructor(options: StoreOptions, disk: Disk) {
    const { telemetry, calendar, segmentSizeBytes, bufferLimitBytes } = options;
    const endOfDateMs = (date: string) => calendar.endOfDateMs(date);
    const onFatal = (cause: unknown) => this.#break(cause);
    this.#options = options;
    this.#trouble = new Trouble({
      telemetry,
      onDiskFull: options.onDiskFull,
      onChange: () => this.#waiting.look(),
    });
    this.#waiting = new Waiting(bufferLimitBytes, () => this.#trouble.diskFull);
    this.#handles = new Handles(disk, OPEN_FILES);
    this.#journal = new Journal(disk, this.#trouble);
    this.#names = new Names(disk, (path) => this.#committer.names(path));
    const [trouble, waiting, handles, journal, names] = [
      this.#trouble,
      this.#waiting,
      this.#handles,
      this.#journal,
      this.#names,
    ];
    const folders = new Folders(disk);
    const homes = new Homes({
      disk,
      folders,
      handles,
      journal,
      names,
      trouble,
      nextSerial: () => this.#committer.nextSerial,
    });
    // A small buffer has to come free without waiting for a commit.
    const unsyncedLimitBytes = Math.min(UNSYNCED_LIMIT_BYTES, bufferLimitBytes / 4);
    const writer = new Writer({ handles, homes, trouble, telemetry, waiting, unsyncedLimitBytes });
    const flusher = new Flusher(writer, onFatal);
    this.#flusher = flusher;
    const memory = { waiting, chunks: new Chunks() };
    this.#series = new SeriesBook({ memory, flusher, segmentSizeBytes, endOfDateMs });
    this.#staged = new StagedBook({
      memory,
      flusher,
      maxEntries: options.stagedMaxEntries ?? STAGED_MAX_ENTRIES,
      maxAgeMs: options.stagedMaxAgeMs ?? STAGED_MAX_AGE_MS,
      endOfDateMs,
      onFrozen: (file) => this.#sealer.frozen(file),
    });
    const [series, staged] = [this.#series, this.#staged];
    const onSealed = () => this.#schedule.note(0, false);
    this.#sealer = new Sealer({
      disk,
      folders,
      handles,
      names,
      trouble,
      writer,
      telemetry,
      staged,
      onSealed,
    });
    const onBegin = () => this.#beginCommit();
    this.#committer = new Committer({
      disk,
      folders,
      handles,
      journal,
      trouble,
      writer,
      series,
      staged,
      telemetry,
      onBegin,
    });
    this.#schedule = new Schedule(options, () => this.#commitDue());
  }

  /**
   * Makes the folders, takes the lock, reads the checkpoint and brings the files back to it.
   * @throws SidecarError LOG_DIR_UNWRITABLE, VOLUME_LOCKED, CHECKPOINT_BROKEN. A full disk is waited for.
   */
  static async open(options: StoreOptions, world: StoreWorld = realWorld(options)): Promise<Store> {
    const store = new Store(options, world.disk);
    await store.#start(world);
    return store;
  }

  /** What the part of that name had at the last commit; undefined when there was none. */
  restored(name: string): unknown {
    return Object.hasOwn(this.#parts, name) ? this.#parts[name] : undefined;
  }

  /** From the next commit on, the part's snapshot is durable together with the output. Parts not registered keep what they had. */
  register(part: CommitPart): void {
    this.#committer.register(part);
  }

  /** Tells how to finish staged files of an extension, also those of an earlier run that nothing is appended to any more. */
  registerFinisher(extension: StagedSpec["extension"], finish: Finish): void {
    this.#sealer.register(extension, finish);
  }

  series(spec: SeriesSpec): Appender {
    return this.#series.appender(spec);
  }

  staged(spec: StagedSpec, finish: Finish): Appender {
    this.#sealer.register(spec.extension, finish);
    return this.#staged.appender(spec);
  }

  /** Records were appended: a commit becomes due, within a second when one of them is urgent. */
  noteRecords(count: number, urgent: boolean): void {
    this.#schedule.note(count, urgent);
  }

  /** Resolves when more may be appended: at once, or when waiting bytes are below the limit and the disk has space. */
  room(): Promise<void> {
    return this.#waiting.room();
  }

  /** Resolves when everything appended so far can be seen in the files. */
  flush(): Promise<void> {
    return this.#flusher.flush();
  }

  /** Resolves when everything appended so far, and the parts' state, is durable. */
  async commit(): Promise<void> {
    await this.#committer.commit();
    if (this.#committer.isUntidy) this.#schedule.note(0, false);
  }

  /** Tries once to finish all staged files, and commits. What cannot be finished is kept and tried again. */
  async sealStaged(): Promise<void> {
    this.#staged.freezeAll();
    await this.#sealer.sealAll();
    await this.commit();
  }

  /**
   * Seals what is staged, commits and gives the lock back.
   * @throws SidecarError DISK_FULL or STORE_FAILED when the disk refuses for too long: what is not committed then is read again.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Paths below the log folder (`raw/web/log_2026-01-31.jsonl`) that may still change or be cut: retention leaves them alone. */
  openPaths(): Set<string> {
    const paths = new Set([...this.#committer.namedPaths, ...this.#staged.openPaths]);
    for (const { path } of this.#series.open) if (path !== undefined) paths.add(path);
    return paths;
  }

  status(): StoreStatus {
    return {
      openSegments: this.#series.open.size,
      stagedFiles: this.#staged.open.size,
      waitingBytes: this.#waiting.bytes,
      commits: this.#committer.commits,
      lastCommitMs: this.#committer.lastCommitMs,
      lastCommitTookMs: this.#committer.lastCommitTookMs,
      diskFull: this.#trouble.diskFull,
      failing: this.#fatal?.message ?? this.#trouble.failing,
    };
  }

  async #start(world: StoreWorld): Promise<void> {
    const { telemetry } = this.#options;
    const onLost = () =>
      this.#break(new SidecarError("VOLUME_LOCKED", "Another sidecar took the lock of the log volume over"));
    this.#lock = await this.#trouble.insist("taking the log volume", () => world.takeVolume(onLost));
    try {
      const found = await this.#trouble.insist("recovering", () => recover(world.disk, telemetry));
      pass("recovery:files-mended");
      this.#resume(found);
      // A checkpoint of its own: with it the recovery is over, and the journal can begin anew.
      await this.commit();
      await this.#journal.start();
    } catch (cause) {
      await this.#lock.release();
      throw cause;
    }
    pass("recovery:done");
    this.#sweep = setInterval(() => this.#sweepOnce(Date.now()), SWEEP_MS);
    this.#sweep.unref();
  }

  #resume({ bodies, segments, staged }: Recovered): void {
    const [body] = bodies;
    this.#parts = body?.parts ?? {};
    this.#committer.resume(bodies);
    for (const entry of segments) this.#series.resume(entry);
    for (const entry of staged) this.#names.hold(entry.spec, entry.part);
    this.#staged.resume(staged, body?.retired ?? []);
  }

  async #close(): Promise<void> {
    clearInterval(this.#sweep);
    this.#schedule.stop();
    this.#trouble.giveUpAfter(this.#options.closeLimitMs ?? CLOSE_LIMIT_MS);
    try {
      await this.flush();
      await this.sealStaged();
    } finally {
      this.#flusher.stop();
      this.#sealer.stop();
      await this.#handles.closeAll();
      await this.#journal.close();
      await this.#lock?.release();
    }
  }

  #beginCommit(): void {
    if (this.#fatal !== undefined) throw this.#fatal;
    this.#schedule.began();
  }

  /** For the schedule: never throws. */
  async #commitDue(): Promise<void> {
    try {
      await this.commit();
    } catch (cause) {
      this.#break(cause);
    }
  }

  #sweepOnce(nowMs: number): void {
    this.#staged.freezeOld(nowMs);
    if (this.#series.closeOld(nowMs)) this.#schedule.note(0, false);
  }

  #break(cause: unknown): void {
    if (this.#fatal !== undefined) return;
    this.#fatal = cause instanceof Error ? cause : new Error(String(cause));
    storeBroke(this.#options.telemetry, cause);
    this.#options.onFatal?.(this.#fatal);
  }
}

function realWorld({ logDir, telemetry }: StoreOptions): StoreWorld {
  const disk = realDisk(logDir);
  return {
    disk,
    async takeVolume(onLost) {
      await prepareVolume(logDir);
      return takeLock({ folder: disk.absolute(STORE_FOLDER), telemetry, onLost });
    },
  };
}
