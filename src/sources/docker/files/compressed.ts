import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { LogFile } from "./log-file.js";

/** Shows what a compressed log file holds, piece by piece, each when the one before was taken. Resolves to the number of bytes. */
export async function readCompressed(file: LogFile, take: (chunk: Buffer) => Promise<void>): Promise<number> {
  const packed = createReadStream(file.path, { fd: file.fd, autoClose: false, start: 0 });
  let bytes = 0;
  // A failure to read shows as the end of what is unpacked.
  const unpacked = packed.on("error", (error) => unpacked.destroy(error)).pipe(createGunzip());
  for await (const chunk of unpacked as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    await take(chunk);
  }
  return bytes;
}
