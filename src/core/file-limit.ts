import { readFileSync } from "node:fs";

/** How many files a process may have open at once, as the text of `/proc/self/limits` has it; undefined where it has none. */
export function readFileLimit(limitsText: string): number | undefined {
  const soft = /^Max open files +(\d+) /m.exec(limitsText)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

// Asked at once: at the limit itself no file can be opened to read it from.
const limit = askForLimit();

/** What this process may have open, as it began; undefined where nobody can tell (no Linux). */
export function ownFileLimit(): number | undefined {
  return limit;
}

function askForLimit(): number | undefined {
  try {
    return readFileLimit(readFileSync("/proc/self/limits", "utf8"));
  } catch {
    return undefined;
  }
}

/** What to do about an error that only looks like the disk's, by the system's code; undefined for all others. */
export function remedyOfLimit(code: string | undefined): string | undefined {
  if (code === "ENFILE") return "The machine has too many open files (sysctl fs.file-max).";
  if (code !== "EMFILE") return undefined;
  return `The disk is well: this process may have only ${ownFileLimit() ?? "so many"} files open. Raise the limit: ulimits nofile in the compose file, --ulimit nofile=1024 or ulimit -n 1024.`;
}
