import { ownFileLimit } from "../core/file-limit.js";
import { Chunks } from "./chunks.js";
import { Committer } from "./committer.js";
import type { Disk } from "./disk.js";
import { Flusher } from "./flusher.js";
import { Folders } from "./folders.js";
import { relieve } from "./full-disk.js";
import { Handles } from "./handles.js";
import { Homes } from "./homes.js";
import { Journal } from "./journal.js";
import { keptOpen, madeAtOnce } from "./kept-open.js";
import { Names } from "./names.js";
import type { StoreOptions } from "./options.js";
import { Reserve } from "./reserve.js";
import { Schedule } from "./schedule.js";
import { Sealer } from "./sealer.js";
import { SeriesBook } from "./series.js";
import { StagedBook } from "./staged.js";
import { Trouble } from "./trouble.js";
import { Waiting } from "./waiting.js";
import { Writer } from "./writer.js";

interface Hooks {
  /** Something failed that no further attempt can mend. */
  readonly onFatal: (cause: unknown) => void;
  /** A commit captures now; may throw to stop it. */
  readonly onBegin: () => void;
  /** The schedule, or a disk without room, wants a commit; resolves at once while the store is not open yet, and never rejects. */
  readonly commitDue: () => Promise<void>;
}

/** What a store is made of. */
export type Parts = ReturnType<typeof assemble>;

const STAGED_MAX_ENTRIES = 10_000;
const STAGED_MAX_AGE_MS = 15 * 60_000;
const UNSYNCED_LIMIT_BYTES = 8 * 1024 * 1024;

/** Makes the parts of a store and shows them to each other, in the order in which text meets them. */
export function assemble(options: StoreOptions, disk: Disk, hooks: Hooks) {
  const { telemetry, segmentSizeBytes, bufferLimitBytes, onDiskFull } = options;
  const endOfDateMs = (date: string) => options.calendar.endOfDateMs(date);
  const { commitDue } = hooks;
  const reserve = new Reserve({ disk, telemetry, options: options.reserve });
  const trouble: Trouble = new Trouble({
    telemetry,
    onDiskFull: () => relieve({ reserve, trouble, telemetry, commit: commitDue, cleanUp: onDiskFull }),
    onChange: () => waiting.look(),
  });
  const waiting: Waiting = new Waiting({
    limitBytes: bufferLimitBytes,
    uncommittedBytes: options.uncommittedLimitBytes ?? Number.POSITIVE_INFINITY,
    isBlocked: () => trouble.diskFull,
    // Behind what is being appended at this moment: a batch and its position are committed together.
    onUncommitted: () => void setImmediate(() => void commitDue()),
  });
  const memory = { waiting, chunks: new Chunks() };

  const fileLimit = ownFileLimit();
  const handles = new Handles(disk, keptOpen(fileLimit));
  const folders = new Folders(disk);
  const journal = new Journal(disk, trouble, telemetry);
  const names: Names = new Names(disk, (path) => committer.names(path));
  const nextSerial = () => committer.nextSerial;
  const homes = new Homes({
    telemetry,
    disk,
    folders,
    handles,
    journal,
    names,
    trouble,
    nextSerial,
    parallel: madeAtOnce(fileLimit),
  });
  // A small buffer has to come free without waiting for a commit.
  const unsyncedLimitBytes = Math.min(UNSYNCED_LIMIT_BYTES, bufferLimitBytes / 4);
  const writer = new Writer({ handles, homes, trouble, telemetry, waiting, unsyncedLimitBytes });

  const flusher = new Flusher(writer, hooks.onFatal);
  const series = new SeriesBook({ memory, flusher, segmentSizeBytes, endOfDateMs });
  const staged: StagedBook = new StagedBook({
    memory,
    flusher,
    maxEntries: options.stagedMaxEntries ?? STAGED_MAX_ENTRIES,
    maxBytes: segmentSizeBytes,
    maxAgeMs: options.stagedMaxAgeMs ?? STAGED_MAX_AGE_MS,
    endOfDateMs,
    onFrozen: (file) => sealer.frozen(file),
  });
  const onSealed = () => schedule.note(0, false);
  const sealer: Sealer = new Sealer({
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

  const { onBegin } = hooks;
  const committer: Committer = new Committer({
    disk,
    folders,
    handles,
    journal,
    trouble,
    waiting,
    writer,
    series,
    staged,
    telemetry,
    onBegin,
  });
  const schedule: Schedule = new Schedule(options, commitDue);
  const output = { flusher, series, staged, sealer, committer, schedule };
  return { trouble, waiting, reserve, handles, journal, names, ...output };
}
