import { readFileSync } from "node:fs";
import { systemCode } from "../core/errors.js";

/** More would cost memory and save little: the files of the busiest series are open all the time. */
const MOST_KEPT = 200;
const LEAST_KEPT = 8;
/** For Node itself, the engine's streams, and what reads and seals files meanwhile. */
const OTHERS = 64;

/** How many files a process may have open at once, as the text of `/proc/self/limits` has it; undefined where it has none. */
export function readFileLimit(limitsText: string): number | undefined {
  const soft = /^Max open files +(\d+) /m.exec(limitsText)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

/** How many segments' files stay open, so that with a low limit (`ulimit -n`) half of what is left is free for the making of others. */
export function keptOpen(limit: number | undefined): number {
  if (limit === undefined) return MOST_KEPT;
  return Math.min(MOST_KEPT, Math.max(LEAST_KEPT, Math.floor((limit - OTHERS) / 2)));
}

/** What this process may have open; undefined where nobody can tell (no Linux). */
export function ownFileLimit(): number | undefined {
  try {
    return readFileLimit(readFileSync("/proc/self/limits", "utf8"));
  } catch {
    return undefined;
  }
}

/** What to do about an error that only looks like the disk's; undefined for all others. */
export function remedyOfLimit(cause: unknown): { remedy: string } | undefined {
  const code = systemCode(cause);
  if (code === "ENFILE") return { remedy: "The machine has too many open files (sysctl fs.file-max)." };
  if (code !== "EMFILE") return undefined;
  return {
    remedy: `The disk is well: this process may have only ${ownFileLimit() ?? "so many"} files open. Raise the limit: ulimits nofile in the compose file, --ulimit nofile=1024 or ulimit -n 1024.`,
  };
}
