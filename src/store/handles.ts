import type { Disk, DiskFile } from "./disk.js";
import type { Segment } from "./segment.js";

interface Handle {
  readonly file: Promise<DiskFile>;
  users: number;
}

/** Open files of segments: the least recently used are closed beyond the limit, and opened again at need. */
export class Handles {
  readonly #disk: Disk;
  readonly #limit: number;
  /** In the order of their last use. */
  readonly #open = new Map<Segment, Handle>();

  constructor(disk: Disk, limit: number) {
    this.#disk = disk;
    this.#limit = limit;
  }

  get size(): number {
    return this.#open.size;
  }

  /** A file that was just made for the segment. */
  adopt(segment: Segment, file: DiskFile): void {
    this.#open.set(segment, { file: Promise.resolve(file), users: 0 });
  }

  /** Works on the segment's file, at the path that the segment has. */
  async use<T>(segment: Segment, work: (file: DiskFile) => Promise<T>): Promise<T> {
    const handle = this.#take(segment);
    handle.users++;
    try {
      return await work(await handle.file);
    } catch (cause) {
      // After an error the next attempt opens the file anew: the mount may have come back, or the file may be gone.
      if (this.#open.get(segment) === handle) this.#open.delete(segment);
      await closeAfterError(handle);
      throw cause;
    } finally {
      handle.users--;
      await this.#closeSome();
    }
  }

  /** Closes the segment's file. */
  async close(segment: Segment): Promise<void> {
    const handle = this.#open.get(segment);
    if (handle === undefined) return;
    this.#open.delete(segment);
    await this.#close(segment, handle);
  }

  async closeAll(): Promise<void> {
    for (const segment of [...this.#open.keys()]) await this.close(segment);
  }

  #take(segment: Segment): Handle {
    let handle = this.#open.get(segment);
    if (handle === undefined) handle = { file: this.#disk.open(segment.path ?? ""), users: 0 };
    else this.#open.delete(segment);
    this.#open.set(segment, handle);
    return handle;
  }

  async #closeSome(): Promise<void> {
    for (const [segment, handle] of this.#open) {
      if (this.#open.size <= this.#limit) return;
      if (handle.users > 0) continue;
      this.#open.delete(segment);
      await this.#close(segment, handle);
    }
  }

  async #close(segment: Segment, handle: Handle): Promise<void> {
    try {
      await (await handle.file).close();
    } catch {
      // A network file system may say only now that it could not take the bytes: they are written again.
      segment.rewind();
    }
  }
}

async function closeAfterError(handle: Handle): Promise<void> {
  try {
    await (await handle.file).close();
  } catch {
    // The error that led here is thrown on and counts; what was written is not taken for durable before a sync succeeds.
  }
}
