import checkDiskSpaceModule from "check-disk-space";

/** The disk of a folder: its size, and what is free for this user. */
export interface DiskSpace {
  readonly sizeBytes: number;
  readonly freeBytes: number;
}

// The package is CommonJS with a `default` of its own: under Node's ESM that is one level further down.
const checkDiskSpace = (
  "default" in checkDiskSpaceModule ? checkDiskSpaceModule.default : checkDiskSpaceModule
) as (path: string) => Promise<{ free: number; size: number }>;

/** Asks the system. Starts `df`: not for every line. */
export async function readDiskSpace(folder: string): Promise<DiskSpace> {
  const { free, size } = await checkDiskSpace(folder);
  return { freeBytes: free, sizeBytes: size };
}

/** Percent of the disk in use. */
export function usedPercent({ sizeBytes, freeBytes }: DiskSpace): number {
  return sizeBytes === 0 ? 0 : ((sizeBytes - freeBytes) * 100) / sizeBytes;
}
