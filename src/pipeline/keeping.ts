import { join } from "node:path";
import type { Settings } from "../config/schema.js";
import { Calendar } from "../core/calendar.js";
import { SidecarError, systemCode } from "../core/errors.js";
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
    takeLock: (signal) => takeRetentionLock(logDir, telemetry, signal),
  });
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
export async function takeRetentionLock(
  logDir: string,
  telemetry: Telemetry,
  signal?: AbortSignal,
): Promise<RetentionLock> {
  const folder = join(logDir, RETENTION_FOLDER);
  try {
    await new Workplace(logDir).ensureFolder(RETENTION_FOLDER);
    return await takeLock({
      folder,
      telemetry,
      signal,
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
