import { statfs } from "node:fs/promises";
import checkDiskSpaceModule from "check-disk-space";
import { ownFileLimit } from "../core/file-limit.js";

/** The disk of a folder: its size, and what is free for this user. */
export interface DiskSpace {
  readonly sizeBytes: number;
  readonly freeBytes: number;
}

// The package is CommonJS with a `default` of its own: under Node's ESM that is one level further down.
const checkDiskSpace = (
  "default" in checkDiskSpaceModule ? checkDiskSpaceModule.default : checkDiskSpaceModule
) as (path: string) => Promise<{ free: number; size: number }>;

/** To start a program takes some ten open files for a moment: with so few it would take them from the store. */
const FEW_FILES = 256;

/** Asks the system. Starts `df`: not for every line. */
export async function readDiskSpace(folder: string): Promise<DiskSpace> {
  if ((ownFileLimit() ?? FEW_FILES) < FEW_FILES) return askDirectly(folder);
  try {
    const { free, size } = await checkDiskSpace(folder);
    return { freeBytes: free, sizeBytes: size };
  } catch {
    // No program can be started (limits of files, processes, memory), or there is no `df`. What is wrong with the folder itself is said here too.
    return askDirectly(folder);
  }
}

/** Second, since block sizes of network and FUSE file systems can differ from the one that Node tells; `df` knows both. */
async function askDirectly(folder: string): Promise<DiskSpace> {
  const { bsize, blocks, bavail } = await statfs(folder);
  return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
}

/** What is free for this user, asked without starting a program: often while the disk is full. */
export async function readFreeBytes(folder: string): Promise<number> {
  return (await askDirectly(folder)).freeBytes;
}

/** Percent of the disk in use. */
export function usedPercent({ sizeBytes, freeBytes }: DiskSpace): number {
  return sizeBytes === 0 ? 0 : ((sizeBytes - freeBytes) * 100) / sizeBytes;
}
