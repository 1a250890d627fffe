import type { FileHandle } from "node:fs/promises";

/**
 * The bytes from one place to another; fewer only where the file ends, as one does that was cut meanwhile. Into `memory` where it is given,
 * which must have room for them.
 */
export async function readBytes(
  file: FileHandle,
  start: number,
  end: number,
  memory?: Buffer,
): Promise<Buffer> {
  const length = Math.max(0, end - start);
  const buffer = memory?.subarray(0, length) ?? Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
