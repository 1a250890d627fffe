import { dirname, join } from "node:path";
import type { Settings } from "../config/schema.js";
import { Calendar } from "../core/calendar.js";
import { SidecarError, systemCode } from "../core/errors.js";
import { readDiskSpace } from "../retention/disk-space.js";
import { DiskWatch } from "../retention/disk-watch.js";
import type { RetentionLock } from "../retention/exclusive.js";
import { RETENTION_FOLDER } from "../retention/places.js";
import { Retention } from "../retention/retention.js";
import { Workplace } from "../retention/workplace.js";
import { takeLock } from "../store/lock.js";
import { readOpenPaths } from "../store/open-paths.js";
import type { Store } from "../store/store.js";
import { retentionLockLost } from "../telemetry/retention-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { Housekeeping, type HousekeepingParts } from "./housekeeping.js";

type KeepingSettings = Pick<Settings, "logDir" | "timeZone" | "retention" | "floor" | "maxSize">;

interface KeepingOptions {
  readonly settings: KeepingSettings;
  readonly telemetry: Telemetry;
  /** Of the running store; without it, and while it gives none yet, they are read from the volume. */
  readonly openPaths?: () => ReadonlySet<string> | undefined;
}

/** Retention of a log folder, tied to the store whose segments it treats. */
export function createRetention({ settings, telemetry, openPaths }: KeepingOptions): Retention {
  const { logDir } = settings;
  return new Retention({
    logDir,
    calendar: new Calendar(settings.timeZone),
    policy: settings.retention,
    floorDays: settings.floor,
    maxSizeBytes: settings.maxSize,
    telemetry,
    openPaths: () => openPaths?.() ?? readOpenPaths(logDir).catch(refused(logDir, "read")),
    takeLock: () => takeRetentionLock(logDir, telemetry),
  });
}

/** What waits to be written may have of the memory that a container is allowed: as much again is on its way as records and as bytes not synced yet. */
const BUFFER_SHARE = 1 / 8;
const LEAST_BUFFER_BYTES = 1e6;

/**
 * Bytes that may wait in memory: as it is set, or less in a small container. `memoryBytes` is the control group's limit; 0, undefined or more
 * than any machine has where there is none.
 */
export function fittingBuffer(wantedBytes: number, memoryBytes: number | undefined): number {
  if (!memoryBytes) return wantedBytes;
  return Math.min(wantedBytes, Math.max(LEAST_BUFFER_BYTES, Math.floor(memoryBytes * BUFFER_SHARE)));
}

/** What one segment may have of the disk: open segments can't be deleted, and must not be what fills it. */
const SEGMENT_SHARE = 1 / 16;
const LEAST_SEGMENT_BYTES = 256 * 1024;

/** The size of segments in bytes: as it is set, or less on a small disk. */
export async function fittingSegmentSize({
  logDir,
  segmentSize,
}: Pick<Settings, "logDir" | "segmentSize">): Promise<number> {
  try {
    // Of the folder that the log folder is going to be made in, at the first start.
    const { sizeBytes } = await readDiskSpace(logDir).catch(() => readDiskSpace(dirname(logDir)));
    const fittingBytes = Math.max(LEAST_SEGMENT_BYTES, Math.floor(sizeBytes * SEGMENT_SHARE));
    return sizeBytes > 0 ? Math.min(segmentSize, fittingBytes) : segmentSize;
  } catch {
    // No `df`, or a folder that has no parent yet: the guard says what is wrong with the disk, if anything is.
    return segmentSize;
  }
}

interface HousekeepingOptions {
  readonly settings: HousekeepingParts["settings"] & KeepingSettings;
  readonly telemetry: Telemetry;
  /** Undefined until it is open. */
  readonly store: () => Pick<Store, "openPaths" | "status"> | undefined;
}

/**
 * What looks after the disk of a running sidecar.
 * @throws SidecarError SETTINGS_INVALID
 */
export function createHousekeeping({ settings, telemetry, store }: HousekeepingOptions): Housekeeping {
  const stopping = new AbortController();
  const openPaths = () => store()?.openPaths();
  return new Housekeeping({
    settings,
    telemetry,
    retention: createRetention({ settings, telemetry, openPaths }),
    disk: new DiskWatch(settings.logDir),
    stopping,
    isFull: () => store()?.status().diskFull ?? false,
  });
}

/** A command that somebody calls who may not, or that meets a log folder mounted for reading alone, is no accident. */
function refused(logDir: string, what: "read" | "written"): (cause: unknown) => never {
  return (cause) => {
    const code = systemCode(cause) ?? "";
    if (!["EACCES", "EPERM", "EROFS"].includes(code)) throw cause;
    const remedy =
      code === "EROFS"
        ? "Mount the log folder for writing."
        : "Run it as the user that the sidecar runs as: in its container, or with sudo -u.";
    const detail = `The log folder ${logDir} cannot be ${what} by uid ${process.geteuid?.()}`;
    throw new SidecarError("LOG_DIR_UNWRITABLE", detail, { cause, remedy });
  };
}

/**
 * Keeps two runs from one log folder, whoever began them.
 * @throws SidecarError RETENTION_RUNNING, LOG_DIR_UNWRITABLE
 */
export async function takeRetentionLock(logDir: string, telemetry: Telemetry): Promise<RetentionLock> {
  const folder = join(logDir, RETENTION_FOLDER);
  try {
    await new Workplace(logDir).ensureFolder(RETENTION_FOLDER);
    return await takeLock({
      folder,
      telemetry,
      // What the other one does is done by its own plan; a file that is gone is passed over.
      onLost: () => retentionLockLost(telemetry),
      busy: (owner) => new SidecarError("RETENTION_RUNNING", `Retention of ${logDir} is at work in ${owner}`),
    });
  } catch (cause) {
    // A full disk has no room for a lock either, and has to be emptied all the same: deletions bear being done twice.
    if (systemCode(cause) === "ENOSPC" || systemCode(cause) === "EDQUOT")
      return { release: async () => undefined };
    return refused(logDir, "written")(cause);
  }
}
