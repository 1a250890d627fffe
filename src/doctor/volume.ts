import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { countNames } from "../categories/category-names.js";
import type { Settings } from "../config/schema.js";
import { CATEGORIES } from "../core/record.js";
import { sizeText } from "../core/size-text.js";
import { createRetention } from "../pipeline/keeping.js";
import { readDiskSpace, usedPercent } from "../retention/disk-space.js";
import { readStorage } from "../retention/storage.js";
import { readCheckpoints } from "../store/checkpoint.js";
import { realDisk } from "../store/disk.js";
import { lookAtVolume } from "../store/volume.js";
import { silentTelemetry } from "../telemetry/telemetry.js";
import type { Examined, Finding } from "./finding.js";

interface VolumeOptions {
  readonly settings: Settings;
  /** Started as root, it would hand the folder over at a start. */
  readonly wasRoot: boolean;
}

/** The log folder: whether it can be written, what is on its disk, and whether what lies there can be gone on with. */
export async function examineVolume({ settings, wasRoot }: VolumeOptions): Promise<Examined> {
  const { logDir } = settings;
  const refusal = await lookAtVolume(logDir);
  const disk = await readDiskSpace(await nearest(logDir));
  const used = usedPercent(disk);
  const facts = {
    "log folder": `${logDir}, ${sizeText(disk.freeBytes)} of ${sizeText(disk.sizeBytes)} free (${used.toFixed(1)} % in use)`,
    "time zone": `${settings.timeZone}, where it is ${localTime(settings.timeZone)} now`,
    user: `uid ${process.getuid?.()}, groups ${[process.getgid?.(), ...(process.getgroups?.() ?? [])].join(", ")}`,
  };
  const space = used >= settings.diskHigh ? [nearlyFull(used, settings)] : [];
  if (refusal !== undefined) {
    // What a start hands over: whose the files are.
    const mended = wasRoot && refusal.remedy.startsWith("Run: sudo chown");
    return { facts, findings: [...(mended ? [] : [unwritable(refusal)]), ...space] };
  }
  if (!(await exists(logDir))) return { facts, findings: space };
  const rest = await Promise.all([checkpoints(logDir), names(settings), dates(settings)]);
  return { facts, findings: [...space, ...rest.flat()] };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function nearest(path: string): Promise<string> {
  return (await exists(path)) || dirname(path) === path ? path : nearest(dirname(path));
}

function localTime(timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format();
}

function unwritable({ told, remedy }: { readonly told: string; readonly remedy: string }): Finding {
  return { id: "volume-unwritable", level: "error", what: told, why: "Nothing can be stored.", remedy };
}

function nearlyFull(used: number, { diskHigh, diskTarget }: Settings): Finding {
  return {
    id: "disk-nearly-full",
    level: "warning",
    what: `${used.toFixed(1)} % of the log folder's disk are in use`,
    why: `From ${diskHigh} % on (SIDECAR_DISK_HIGH) the oldest logs are deleted to make room, whoever fills the disk.`,
    remedy: `Free space on the disk, or: log-sidecar cleanup --target ${diskTarget} --dry-run`,
  };
}

async function checkpoints(logDir: string): Promise<Finding[]> {
  const broken: [path: string, why: string][] = [];
  const bodies = await readCheckpoints(realDisk(logDir), (path, why) => broken.push([path, why]));
  return broken.map(([path, why]) => {
    const isOther = why.includes("version");
    return {
      id: isOther ? "checkpoint-version" : "checkpoint-broken",
      level: bodies.length === 0 ? "error" : "warning",
      what: `${logDir}/${path}: ${why}`,
      why:
        bodies.length > 0
          ? "The other checkpoint is used: what was stored since is read again."
          : "Without a checkpoint that it can read the sidecar does not start, as it would store again all that the engine holds.",
      remedy: isOther
        ? "Run the version of log-sidecar that wrote it, or a later one."
        : `To start anew: rm ${logDir}/.sidecar/checkpoint*.json (no stored file is touched, what the engine holds is stored again).`,
    };
  });
}

const KINDS = {
  component: "components in raw",
  table: "tables in summary",
  dataset: "datasets in training",
} as const;

async function names({ logDir, maxNames }: Settings): Promise<Finding[]> {
  const counts = await countNames(logDir);
  return (["component", "table", "dataset"] as const)
    .filter((kind) => counts[kind] >= maxNames)
    .map((kind) => ({
      id: "names-used-up",
      level: "warning",
      what: `${counts[kind]} ${KINDS[kind]}: all that may have a folder of their own`,
      why: "New ones share the folder _other.",
      remedy: `Let apps print fewer names (log-sidecar.component on their containers), or set SIDECAR_MAX_NAMES=${maxNames * 2}`,
    }));
}

/** What is dated later than today was written in another time zone, or by a clock that went ahead. */
async function dates(settings: Settings): Promise<Finding[]> {
  const { categories, today } = await readStorage(
    createRetention({ settings, telemetry: silentTelemetry() }),
  );
  const newest =
    CATEGORIES.map((name) => categories[name].newest ?? "")
      .sort()
      .at(-1) ?? "";
  if (newest <= today) return [];
  return [
    {
      id: "dates-ahead",
      level: "warning",
      what: `there are files of ${newest}, and in ${settings.timeZone} today is ${today}`,
      why: "Retention counts ages from these dates.",
      remedy: "Set TZ to the time zone that they were written in, or mend the clock.",
    },
  ];
}
