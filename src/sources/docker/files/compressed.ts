import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { systemCode } from "../../../core/errors.js";
import type { LogFile } from "./log-file.js";

/**
 * Shows what a compressed log file holds, piece by piece, each when the one before was taken. Resolves to false when it is damaged from
 * somewhere on: an engine that was killed leaves half of one.
 */
export async function readCompressed(
  file: LogFile,
  take: (chunk: Buffer) => Promise<void>,
): Promise<boolean> {
  const packed = createReadStream(file.path, { fd: file.fd, autoClose: false, start: 0 });
  // A failure to read shows as the end of what is unpacked.
  const unpacked = packed.on("error", (error) => unpacked.destroy(error)).pipe(createGunzip());
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) await take(chunk);
  } catch (error) {
    // zlib's own codes; others are of the disk, or of whoever takes.
    if (systemCode(error)?.startsWith("Z_") !== true) throw error;
    return false;
  }
  return true;
}
