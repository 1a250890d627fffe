import { SidecarError } from "../core/errors.js";
import type {
  ByteAppender,
  CommitPart,
  Finish,
  SegmentSink,
  SeriesSpec,
  StagedSpec,
} from "../core/segment.js";
import { storeBroke } from "../telemetry/store-events.js";
import { type Disk, realDisk } from "./disk.js";
import { pass } from "./fault-points.js";
import { fencedDisk } from "./fence.js";
import { type Lock, takeLock } from "./lock.js";
import type { StoreOptions, StoreStatus } from "./options.js";
import { assemble, type Parts } from "./parts.js";
import { STORE_FOLDER } from "./places.js";
import { type Recovered, recover } from "./recover.js";
import { prepareVolume } from "./volume.js";

export type { StoreOptions, StoreStatus } from "./options.js";

/** What a test puts in place of the machine. */
export interface StoreWorld {
  readonly disk: Disk;
  /** Makes the folders and takes the lock. */
  readonly takeVolume: (onLost: () => void) => Promise<Pick<Lock, "release">>;
}

const CLOSE_LIMIT_MS = 7000;
const SWEEP_MS = 5000;

/** The log volume: takes text for files, and makes it durable together with the positions it came from. */
export class Store implements SegmentSink {
  readonly #options: StoreOptions;
  readonly #parts: Parts;
  /** What the parts of the sidecar had at the last commit, by name. */
  #restored: Readonly<Record<string, unknown>> = {};
  /** Files that did not fit the checkpoint at the start: what the engine was not asked for again is missing in them. */
  lost: Recovered["lost"] = [];
  #lock: Pick<Lock, "release"> | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #fatal: Error | undefined;
  #closing: Promise<void> | undefined;

  private constructor(options: StoreOptions, disk: Disk) {
    this.#options = options;
    this.#parts = assemble(options, disk, {
      onFatal: (cause) => this.#break(cause),
      onBegin: () => this.#beginCommit(),
      commitDue: () => this.#commitDue(),
    });
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
    return Object.hasOwn(this.#restored, name) ? this.#restored[name] : undefined;
  }

  /** From the next commit on, the part's snapshot is durable together with the output. Parts not registered keep what they had. */
  register(part: CommitPart): void {
    this.#parts.committer.register(part);
  }

  /** Tells how to finish staged files of an extension, also those of an earlier run that nothing is appended to any more. */
  registerFinisher(extension: StagedSpec["extension"], finish: Finish): void {
    this.#parts.sealer.register(extension, finish);
  }

  series(spec: SeriesSpec): ByteAppender {
    return this.#parts.series.appender(spec);
  }

  staged(spec: StagedSpec, finish: Finish): ByteAppender {
    this.#parts.sealer.register(spec.extension, finish);
    return this.#parts.staged.appender(spec);
  }

  /** Records were appended: a commit becomes due, within a second when one of them is urgent. */
  noteRecords(count: number, urgent: boolean): void {
    this.#parts.schedule.note(count, urgent);
  }

  /** Whether `room` would resolve at once. */
  get hasRoom(): boolean {
    return this.#parts.waiting.hasRoom;
  }

  /** Resolves when more may be appended: at once, or when waiting bytes are below the limit and the disk has space. */
  room(): Promise<void> {
    return this.#parts.waiting.room();
  }

  /** Resolves when everything appended so far can be seen in the files. */
  flush(): Promise<void> {
    return this.#parts.flusher.flush();
  }

  /** Resolves when everything appended so far, and the parts' state, is durable. */
  async commit(): Promise<void> {
    await this.#parts.committer.commit();
    if (this.#parts.committer.isUntidy) this.#parts.schedule.note(0, false);
  }

  /** Tries once to finish all staged files, and commits. What cannot be finished is kept and tried again. */
  async sealStaged(untilMs = Number.POSITIVE_INFINITY): Promise<void> {
    this.#parts.staged.freezeAll();
    await this.#parts.sealer.sealAll(untilMs);
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
    const { committer, staged, names } = this.#parts;
    const paths = new Set([...committer.namedPaths, ...staged.openPaths, ...names.claimed]);
    for (const { path } of this.#parts.series.open) if (path !== undefined) paths.add(path);
    return paths;
  }

  status(): StoreStatus {
    return {
      openSegments: this.#parts.series.open.size,
      stagedFiles: this.#parts.staged.open.size,
      waitingBytes: this.#parts.waiting.bytes,
      commits: this.#parts.committer.commits,
      lastCommitMs: this.#parts.committer.lastCommitMs,
      lastCommitTookMs: this.#parts.committer.lastCommitTookMs,
      diskFull: this.#parts.trouble.diskFull,
      failing: this.#fatal?.message ?? this.#parts.trouble.failing,
    };
  }

  async #start(world: StoreWorld): Promise<void> {
    const { telemetry } = this.#options;
    const onLost = () =>
      this.#break(new SidecarError("VOLUME_LOCKED", "Another sidecar took the lock of the log volume over"));
    this.#lock = await this.#parts.trouble.insist("taking the log volume", () => world.takeVolume(onLost));
    try {
      const found = await this.#parts.trouble.insist("recovering", () => recover(world.disk, telemetry));
      pass("recovery:files-mended");
      this.#resume(found);
      // A checkpoint of its own: with it the recovery is over, and the journal can begin anew.
      await this.commit();
      await this.#parts.journal.start();
    } catch (cause) {
      await this.#lock.release();
      throw cause;
    }
    pass("recovery:done");
    void this.#parts.reserve.keep();
    this.#sweep = setInterval(() => this.#sweepOnce(Date.now()), SWEEP_MS);
    this.#sweep.unref();
  }

  #resume({ bodies, segments, staged, lost }: Recovered): void {
    const [body] = bodies;
    this.lost = lost;
    this.#restored = body?.parts ?? {};
    this.#parts.committer.resume(bodies);
    for (const entry of segments) this.#parts.series.resume(entry);
    for (const entry of staged) this.#parts.names.hold(entry.spec, entry.part);
    this.#parts.staged.resume(staged, body?.retired ?? []);
  }

  async #close(): Promise<void> {
    clearInterval(this.#sweep);
    this.#parts.schedule.stop();
    const limitMs = this.#options.closeLimitMs ?? CLOSE_LIMIT_MS;
    const sealUntilMs = performance.now() + limitMs / 2;
    this.#parts.trouble.giveUpAfter(limitMs);
    try {
      await this.flush();
      // Before samples are finished, because many of them take longer than there is time: the next start goes on with them.
      await this.commit();
      await this.sealStaged(sealUntilMs);
    } finally {
      this.#parts.flusher.stop();
      this.#parts.sealer.stop();
      await this.#parts.handles.closeAll();
      await this.#parts.journal.close();
      // What is still tried again (the reserve) has no lock any more.
      this.#parts.trouble.stop(new Error("the store is closed"));
      await this.#lock?.release();
    }
  }

  #beginCommit(): void {
    if (this.#fatal !== undefined) throw this.#fatal;
    this.#parts.schedule.began();
  }

  /** Never throws. */
  async #commitDue(): Promise<void> {
    // On a disk that is full at the start there is nothing to commit before the volume was read.
    if (this.#sweep === undefined) return;
    try {
      await this.commit();
    } catch (cause) {
      this.#break(cause);
    }
  }

  #sweepOnce(nowMs: number): void {
    void this.#parts.reserve.keep();
    this.#parts.staged.freezeOld(nowMs);
    if (this.#parts.series.closeOld(nowMs)) this.#parts.schedule.note(0, false);
  }

  #break(cause: unknown): void {
    if (this.#fatal !== undefined) return;
    this.#fatal = cause instanceof Error ? cause : new Error(String(cause));
    this.#parts.trouble.stop(this.#fatal);
    storeBroke(this.#options.telemetry, cause);
    this.#options.onFatal?.(this.#fatal);
  }
}

function realWorld({ logDir, telemetry }: StoreOptions): StoreWorld {
  let lock: Lock | undefined;
  const disk = fencedDisk(realDisk(logDir), () => lock?.confirm());
  return {
    disk,
    async takeVolume(onLost) {
      await prepareVolume(logDir);
      lock = await takeLock({ folder: disk.absolute(STORE_FOLDER), telemetry, onLost });
      return lock;
    },
  };
}
