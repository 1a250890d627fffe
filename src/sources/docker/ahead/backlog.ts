/** Memory for what has come. */
export interface Chunk {
  buffer: ArrayBuffer;
  bytes: Uint8Array;
  length: number;
  firstMs: number;
  lastMs: number;
}

export const CHUNK_BYTES = 256 * 1024;
/** What stands in a chunk came within this time, so that the time of the last byte is good enough for all. */
const CHUNK_MS = 100;
/** So many chunks are kept for later. */
const MOST_FREE = 8;

/** Memory of all connections together. */
export class Memory {
  #used = 0;
  readonly #limitBytes: number;
  readonly #free: ArrayBuffer[] = [];

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Who has taken so much may not take more: each may have as much as is left to all, so that there always is some. */
  refuses(ownBytes: number): boolean {
    return ownBytes > this.#limitBytes - this.#used;
  }

  take(): ArrayBuffer {
    this.#used += CHUNK_BYTES;
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES).buffer;
  }

  /** Nothing more comes into the chunk: what is not filled of it is free for others. */
  fit(chunk: Chunk): void {
    if (chunk.length > CHUNK_BYTES / 2) return;
    const { buffer } = chunk;
    chunk.bytes = chunk.bytes.slice(0, chunk.length);
    chunk.buffer = chunk.bytes.buffer as ArrayBuffer;
    this.#used -= CHUNK_BYTES - chunk.length;
    this.giveBack(buffer);
  }

  /** The chunk is no longer held here. */
  leave({ buffer }: Chunk): void {
    this.#used -= buffer.byteLength;
  }

  giveBack(buffer: ArrayBuffer): void {
    if (this.#free.length < MOST_FREE && buffer.byteLength === CHUNK_BYTES) this.#free.push(buffer);
  }
}

/** What one connection has brought and nobody has taken, in chunks. */
export class Backlog {
  readonly #memory: Memory;
  readonly #chunks: Chunk[] = [];
  /** Of memory. */
  #bytes = 0;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** Not worth waiting for more. */
  get isMuch(): boolean {
    return this.#chunks.length > 1 || (this.#chunks[0]?.length ?? 0) > CHUNK_BYTES / 2;
  }

  /** Nothing more should be read for now. */
  get isFull(): boolean {
    return this.#memory.refuses(this.#bytes);
  }

  add(bytes: Uint8Array, nowMs: number): void {
    let last = this.#chunks.at(-1);
    if (last === undefined || last.length + bytes.length > CHUNK_BYTES || nowMs - last.firstMs > CHUNK_MS) {
      if (last !== undefined) this.#fit(last);
      const buffer = this.#memory.take();
      this.#bytes += CHUNK_BYTES;
      last = { buffer, bytes: new Uint8Array(buffer), length: 0, firstMs: nowMs, lastMs: nowMs };
      this.#chunks.push(last);
    }
    last.bytes.set(bytes, last.length);
    last.length += bytes.length;
    last.lastMs = nowMs;
  }

  /** The oldest chunk, which is no longer held here. */
  shift(): Chunk | undefined {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) this.#leave(chunk);
    return chunk;
  }

  clear(): void {
    for (const chunk of this.#chunks.splice(0)) {
      this.#leave(chunk);
      this.#memory.giveBack(chunk.buffer);
    }
  }

  #fit(chunk: Chunk): void {
    this.#bytes -= chunk.buffer.byteLength;
    this.#memory.fit(chunk);
    this.#bytes += chunk.buffer.byteLength;
  }

  #leave(chunk: Chunk): void {
    this.#bytes -= chunk.buffer.byteLength;
    this.#memory.leave(chunk);
  }
}
