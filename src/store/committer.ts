import { systemCode } from "../core/errors.js";
import type { CommitPart } from "../core/segment.js";
import { committed, segmentsSealed, storeFolderGone } from "../telemetry/store-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { type Capture, captureFiles, headOf } from "./capture.js";
import {
  type CheckpointBody,
  type CheckpointHead,
  encodeCheckpoint,
  pathsOf,
  saveCheckpoint,
} from "./checkpoint.js";
import type { Disk } from "./disk.js";
import { pass } from "./fault-points.js";
import type { Folders } from "./folders.js";
import type { Handles } from "./handles.js";
import type { Journal } from "./journal.js";
import { STAGED_FOLDER, STORE_FOLDER } from "./places.js";
import type { SeriesBook } from "./series.js";
import type { StagedBook } from "./staged.js";
import type { Trouble } from "./trouble.js";
import type { Waiting } from "./waiting.js";
import type { Writer } from "./writer.js";

interface CommitterOptions {
  readonly disk: Disk;
  readonly folders: Folders;
  readonly handles: Handles;
  readonly journal: Journal;
  readonly trouble: Trouble;
  readonly waiting: Waiting;
  readonly writer: Writer;
  readonly series: SeriesBook;
  readonly staged: StagedBook;
  readonly telemetry: Telemetry;
  /** Called in the moment that the commit captures. */
  readonly onBegin: () => void;
}

/** What is remembered of a checkpoint. */
interface Kept {
  readonly serial: number;
  readonly files: number;
  readonly paths: ReadonlySet<string>;
}

const NOTHING: Kept = { serial: 0, files: 0, paths: new Set() };

/** Makes everything of one moment durable together: files first, then the checkpoint that counts on them. */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #registered: CommitPart[] = [];
  /** JSON text of each part as of the last capture; parts that nobody registers keep what they had. */
  #parts = new Map<string, string>();
  #nextSerial = 1;
  #saved: Kept = NOTHING;
  #former: Kept = NOTHING;
  #running: Promise<void> | undefined;
  #queued: Promise<void> | undefined;

  commits = 0;
  lastCommitMs: number | undefined;
  lastCommitTookMs: number | undefined;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Goes on behind an earlier run: `bodies` are its checkpoints, the one to go on from first. */
  resume(bodies: readonly CheckpointBody[]): void {
    const [body, former] = bodies;
    if (former !== undefined) this.#former = keptOf(former);
    if (body === undefined) return;
    this.#saved = keptOf(body);
    this.#nextSerial = body.serial + 1;
    for (const [name, value] of Object.entries(body.parts)) this.#parts.set(name, JSON.stringify(value));
  }

  get nextSerial(): number {
    return this.#nextSerial;
  }

  register(part: CommitPart): void {
    this.#registered.push(part);
  }

  /** Whether one of the two checkpoints names the path: a later start may cut or remove it. */
  names(path: string): boolean {
    return this.#saved.paths.has(path) || this.#former.paths.has(path);
  }

  get namedPaths(): string[] {
    return [...this.#saved.paths, ...this.#former.paths];
  }

  /** Something is left in the checkpoints that two more commits would take out. */
  get isUntidy(): boolean {
    const { series, staged } = this.#options;
    const open = series.open.size + staged.open.size;
    return staged.retired.length > 0 || this.#saved.files > open || this.#former.files > open;
  }

  /** Commits what there is now. Calls that come while a commit runs share the one after it. */
  commit(): Promise<void> {
    if (this.#running === undefined) {
      this.#running = this.#commitOnce().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    this.#queued ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#queued = undefined;
        return this.commit();
      });
    return this.#queued;
  }

  async #commitOnce(): Promise<void> {
    const { folders, writer, trouble, telemetry, series, staged, waiting, onBegin } = this.#options;
    const startMs = performance.now();
    onBegin();
    const serial = this.#nextSerial++;
    const parts = snapshotAll(this.#parts, this.#registered);
    this.#parts = parts;
    const capture = captureFiles(serial, series, staged);
    // Of what waits as text the bytes are known once it is captured.
    const { allBytes } = waiting;
    pass("commit:captured");
    const cuts = [...capture.series, ...capture.staged];
    await Promise.all(cuts.map(({ segment, end }) => writer.write(segment, end)));
    pass("commit:written");
    await Promise.all(cuts.map(({ segment, end }) => writer.sync(segment, end)));
    await trouble.insist("syncing folders", () => folders.sync());
    pass("commit:synced");
    const head = headOf(capture);
    const text = encodeCheckpoint(head, parts);
    await trouble.insist("writing the checkpoint", () => this.#save(text));
    this.#former = this.#saved;
    this.#saved = keptOf(head);
    for (const part of this.#registered) part.committed?.();
    await this.#tidy(capture);
    waiting.committed(allBytes);
    this.commits++;
    this.lastCommitMs = Date.now();
    this.lastCommitTookMs = performance.now() - startMs;
    committed(telemetry, this.lastCommitTookMs, cuts.length);
    pass("commit:done");
  }

  /** All that a checkpoint says is in memory: where somebody removed the store's folder, it is made again. */
  async #save(text: string): Promise<void> {
    const { disk, folders, journal, telemetry } = this.#options;
    try {
      await saveCheckpoint(disk, text);
    } catch (cause) {
      if (systemCode(cause) !== "ENOENT") throw cause;
      storeFolderGone(telemetry, STORE_FOLDER);
      await folders.ensure(STORE_FOLDER);
      await folders.sync();
      await saveCheckpoint(disk, text);
    }
    // Removed as well, perhaps, and needed by the start after a kill.
    await journal.look();
  }

  /** What the new checkpoint makes superfluous. */
  async #tidy(capture: Capture): Promise<void> {
    const { series, staged, disk, folders, handles, journal, trouble, telemetry } = this.#options;
    for (const { segment, closed } of capture.series) {
      // Everything of a segment that was closed at the capture is in this commit.
      if (!closed) continue;
      series.drop(segment);
      await handles.close(segment);
      segmentsSealed(telemetry, segment.spec.category, 1);
    }
    for (const entry of staged.removable(this.#former.serial)) {
      await trouble.insist(`removing ${entry.path}`, () => disk.remove(entry.path));
      pass("retired:removed");
      folders.changed(STAGED_FOLDER);
      staged.removed(entry);
    }
    await journal.compact(this.#former.serial);
  }
}

function keptOf(head: CheckpointHead): Kept {
  return { serial: head.serial, files: head.segments.length + head.staged.length, paths: pathsOf(head) };
}

/** JSON texts of all parts, of one moment. */
function snapshotAll(
  former: ReadonlyMap<string, string>,
  registered: readonly CommitPart[],
): Map<string, string> {
  const texts = new Map(former);
  for (const part of registered) {
    texts.set(part.name, part.snapshot());
  }
  return texts;
}
