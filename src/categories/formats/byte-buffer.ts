/** Bytes of a binary format as they are put together; grows as needed. */
export class ByteBuffer {
  #bytes: Buffer;
  #length = 0;

  constructor(sizeBytes: number) {
    this.#bytes = Buffer.allocUnsafe(sizeBytes);
  }

  get length(): number {
    return this.#length;
  }

  uint8(value: number): void {
    this.#length = this.#room(1).writeUInt8(value, this.#length);
  }

  uint16(value: number): void {
    this.#length = this.#room(2).writeUInt16LE(value, this.#length);
  }

  int32(value: number): void {
    this.#length = this.#room(4).writeInt32LE(value, this.#length);
  }

  uint32(value: number): void {
    this.#length = this.#room(4).writeUInt32LE(value, this.#length);
  }

  /** Big-endian, as pickle has its floats; all else is little-endian. */
  doubleBE(value: number): void {
    this.#length = this.#room(8).writeDoubleBE(value, this.#length);
  }

  put(bytes: Buffer): void {
    bytes.copy(this.#room(bytes.length), this.#length);
    this.#length += bytes.length;
  }

  /** A copy of all bytes; the buffer is empty afterwards. */
  takeAll(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  #room(sizeBytes: number): Buffer {
    const needed = this.#length + sizeBytes;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, needed));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    return this.#bytes;
  }
}
