import { randomBytes } from "node:crypto";
import { reserveMissing } from "../telemetry/store-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import type { Disk } from "./disk.js";
import { RESERVE } from "./places.js";

/** How large the reserve is to be, and how to ask for the disk's free bytes. */
export interface ReserveOptions {
  readonly sizeBytes: number;
  readonly freeBytes: () => Promise<number>;
}

interface ReserveParts {
  readonly disk: Disk;
  readonly telemetry: Telemetry;
  /** Undefined: the disk is too small for one, or nobody knows how large it is. */
  readonly options: ReserveOptions | undefined;
}

/** Bytes that no file system can compress away or share, written again and again. */
const PIECE_BYTES = 256 * 1024;
/** While so many times its size is free it is not made: no disk fills up between two looks. */
const AMPLE = 64;

/**
 * A file that takes some of the disk's room, and gives it back when there is no other: what waits can then be written and committed. Only what
 * is committed can be sealed, only what is sealed can be compressed or deleted; without it a disk that filled up within seconds stayed full.
 * Nothing more is taken in until the reserve is there again.
 */
export class Reserve {
  readonly #parts: ReserveParts;
  #isSpent = false;
  /** It is there, or being looked at. */
  #isKept = false;

  constructor(parts: ReserveParts) {
    this.#parts = parts;
  }

  /** Given back and not made again yet. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** Asked every few seconds: makes it once the disk is no longer nearly empty, as soon as there is room for it. Never rejects. */
  async keep(): Promise<void> {
    const { options, disk, telemetry } = this.#parts;
    if (options === undefined || this.#isSpent || this.#isKept) return;
    this.#isKept = true;
    try {
      const freeBytes = await options.freeBytes();
      const isWanted = freeBytes < AMPLE * options.sizeBytes && freeBytes >= 2 * options.sizeBytes;
      const isThere = (await disk.size(RESERVE)) === options.sizeBytes;
      if (!isThere && isWanted) await this.#write(options);
      else if (!isThere) this.#isKept = false;
    } catch (cause) {
      // Said once: until the next start, or the next cleanup, it is done without.
      reserveMissing(telemetry, cause);
    }
  }

  /** Gives its room back. Whether there was anything to give. */
  async spend(): Promise<boolean> {
    const { options, disk } = this.#parts;
    if (options === undefined || this.#isSpent) return false;
    const bytes = (await disk.size(RESERVE)) ?? 0;
    if (bytes === 0) return false;
    this.#isSpent = true;
    this.#isKept = false;
    await disk.remove(RESERVE);
    return true;
  }

  /** Makes it again. @throws ENOSPC as long as there is no room for it, without taking what there is. */
  async restore(): Promise<void> {
    const { options } = this.#parts;
    if (options === undefined || !this.#isSpent) return;
    await this.#write(options);
    this.#isSpent = false;
  }

  async #write({ sizeBytes, freeBytes }: ReserveOptions): Promise<void> {
    const { disk } = this.#parts;
    await disk.remove(RESERVE);
    // As much again stays free for what comes meanwhile.
    if ((await freeBytes()) < 2 * sizeBytes) throw noRoom();
    const file = await disk.create(RESERVE);
    try {
      const piece = randomBytes(PIECE_BYTES);
      for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
        await file.write([piece.subarray(0, Math.min(PIECE_BYTES, sizeBytes - at))], at);
      }
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

/** That there is no room for the reserve, as the system says such things. */
export function noRoom(): Error {
  const text = "ENOSPC: no space left on device for the reserve";
  return Object.assign(new Error(text), { code: "ENOSPC", errno: -28 });
}
