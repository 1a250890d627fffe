import { openBelow } from "../../core/below.js";
import { readBytes } from "../../reading/read-bytes.js";

/**
 * Bytes of a segment's uncompressed text: of a `.gz` what its last four bytes say (RFC 1952, ISIZE, modulo 2^32), which is right for a file
 * of one member, as the sidecar's are.
 */
export async function segmentSize(logDir: string, path: string): Promise<number> {
  const file = await openBelow(logDir, path);
  try {
    const { size } = await file.stat();
    if (!path.endsWith(".gz")) return size;
    const tail = await readBytes(file, Math.max(0, size - 4), size);
    return tail.length === 4 ? tail.readUInt32LE(0) : -1;
  } finally {
    await file.close();
  }
}
