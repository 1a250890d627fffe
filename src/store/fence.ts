import type { Disk, DiskFile } from "./disk.js";

/** Undefined while the volume is surely this process's; otherwise rejects when it is another's by now. */
export type Confirm = () => Promise<void> | undefined;

/**
 * A disk that asks before each change whether the volume is still this store's. A process that was held up for longer than a lock counts without a beat
 * (a machine that was paused, or had no time for it) wakes up in the middle of what it was about to write, while a sidecar on another
 * machine has cut the files back and goes on in them.
 */
export function fencedDisk(disk: Disk, confirm: Confirm): Disk {
  const file = (made: DiskFile): DiskFile => ({
    ...made,
    async write(pieces, position) {
      await confirm();
      await made.write(pieces, position);
    },
    async truncate(length) {
      await confirm();
      await made.truncate(length);
    },
  });
  return {
    ...disk,
    async create(path) {
      await confirm();
      return file(await disk.create(path));
    },
    open: async (path) => file(await disk.open(path)),
    async rename(from, to) {
      await confirm();
      await disk.rename(from, to);
    },
    async remove(path) {
      await confirm();
      await disk.remove(path);
    },
  };
}
