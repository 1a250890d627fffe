import { SidecarError, systemCode } from "../core/errors.js";

/** Told of a file that can't be read to its end; what stands behind the damage is passed over. */
export type OnDamage = (error: SidecarError) => void;

/** The coded error for a file that is damaged, or that its disk can't read; undefined for any other failure. */
export function damageOf(path: string, cause: unknown): SidecarError | undefined {
  const code = systemCode(cause) ?? "";
  // zlib's own codes: the file is cut, or its bytes or checksum are wrong.
  if (!code.startsWith("Z_") && code !== "EIO") return undefined;
  return new SidecarError("FILE_DAMAGED", `${path} could not be read to its end`, { cause });
}

/** The error for a compressed file without a byte, as a loss of power may leave one; zlib calls that an empty text. */
export function emptyFile(path: string): SidecarError {
  return new SidecarError("FILE_DAMAGED", `${path} could not be read to its end: it is empty`);
}

/** Damaged files, each once, however often they are read. */
export class DamagedFiles {
  readonly #told = new Set<string>();

  /** Whether all files could be read. */
  get isEmpty(): boolean {
    return this.#told.size === 0;
  }

  /** Tells of a file when it is met first. */
  teller(write: (text: string) => unknown): OnDamage {
    return (error) => {
      if (this.#told.has(error.detail)) return;
      this.#told.add(error.detail);
      write(`log-sidecar: ${error.message}\n`);
    };
  }
}
