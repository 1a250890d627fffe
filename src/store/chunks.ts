/** Bytes on their way into a file. */
export interface Chunk {
  readonly bytes: Buffer;
  /** The buffer behind them, if it is to be used again. */
  readonly pooled: Buffer | undefined;
}

const POOLED_BYTES = 64 * 1024;
/** Below this a buffer of its own is cheaper in memory than a pooled one that stays mostly empty. */
const WORTH_POOLING_CHARS = 24 * 1024;
/** 16 MB: what is written between two syncs of a busy segment comes out of them. */
const KEPT_BUFFERS = 256;
/** UTF-8 needs at most three bytes for a UTF-16 code unit. */
export const MOST_BYTES_A_CHAR = 3;

/**
 * Turns text into bytes. Chunks of some size go into buffers that are used again and again: encoding into fresh memory takes about
 * three times as long, most of it in the kernel, which has to hand out and clear the pages (`Buffer.from` 250 ns for an entry of 300 bytes,
 * a used buffer 80 ns).
 */
export class Chunks {
  readonly #free: Buffer[] = [];

  /** `pieces` are some KB each; together they are `chars` long. */
  encode(pieces: readonly string[], chars: number): Chunk[] {
    if (chars < WORTH_POOLING_CHARS) return [alone(pieces.join(""))];
    const chunks: Chunk[] = [];
    let buffer = this.take();
    let end = 0;
    const finish = () => {
      if (end > 0) chunks.push({ bytes: buffer.subarray(0, end), pooled: buffer });
      else this.#give(buffer);
    };
    for (const piece of pieces) {
      const mostBytes = piece.length * MOST_BYTES_A_CHAR;
      if (end + mostBytes > POOLED_BYTES) {
        finish();
        buffer = this.take();
        end = 0;
        if (mostBytes > POOLED_BYTES) {
          chunks.push(alone(piece));
          continue;
        }
      }
      end += buffer.write(piece, end);
    }
    finish();
    return chunks;
  }

  /** The bytes of the chunk are not needed any more. */
  release({ pooled }: Chunk): void {
    if (pooled !== undefined) this.#give(pooled);
  }

  /** A buffer to fill; `released` gives it back. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(POOLED_BYTES);
  }

  #give(buffer: Buffer): void {
    if (this.#free.length < KEPT_BUFFERS) this.#free.push(buffer);
  }
}

/** A chunk with a buffer of its own. */
export function alone(text: string): Chunk {
  return { bytes: Buffer.from(text), pooled: undefined };
}
