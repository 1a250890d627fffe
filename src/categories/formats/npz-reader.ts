import { type FileHandle, open } from "node:fs/promises";
import { Readable, Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { crc32 } from "./crc32.js";
import { type NpyHeader, parseNpyHeader } from "./npy-header.js";
import { readZipDirectory, startOfEntry, type ZipEntry } from "./zip-directory.js";

const STORED = 0;
const DEFLATED = 8;
const READ_BYTES = 256 * 1024;
const SUFFIX = ".npy";

/** An .npz file, its members stored or deflated. Arrays are read as a stream, so that none of them is in memory as a whole. */
export class NpzFile {
  readonly #file: FileHandle;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  private constructor(file: FileHandle, entries: readonly ZipEntry[]) {
    this.#file = file;
    this.#entries = new Map(
      entries.map((entry) => [
        entry.name.endsWith(SUFFIX) ? entry.name.slice(0, -SUFFIX.length) : entry.name,
        entry,
      ]),
    );
  }

  /** To be closed. Throws ENOENT, and an error that says what is wrong where it is no .npz file. */
  static async open(path: string): Promise<NpzFile> {
    const file = await open(path);
    try {
      return new NpzFile(file, await readZipDirectory(file));
    } catch (cause) {
      await file.close();
      throw cause;
    }
  }

  /** Names of the arrays, in the order of the file. */
  get names(): string[] {
    return [...this.#entries.keys()];
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** Type and shape of an array. */
  async header(name: string): Promise<NpyHeader> {
    let header: NpyHeader | undefined;
    for await (const _ of this.#read(name, (found) => (header = found))) break;
    if (header === undefined) throw new Error(`the array ${name} is empty`);
    return header;
  }

  /** The items' bytes of an array. The end is reached only where length and checksum are right. */
  data(name: string): AsyncGenerator<Buffer> {
    return this.#read(name, () => undefined);
  }

  async *#read(name: string, onHeader: (header: NpyHeader) => void): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Error(`it has no array ${name}`);
    const start = await startOfEntry(this.#file, entry);
    const bytes = this.#unpacked(entry, start);
    let head: Buffer | undefined = Buffer.alloc(0);
    for await (const piece of bytes) {
      if (head === undefined) {
        yield piece;
        continue;
      }
      head = Buffer.concat([head, piece]);
      const parsed = parseNpyHeader(head);
      if (parsed === undefined) continue;
      onHeader(parsed);
      const rest = head.subarray(parsed.dataAt);
      head = undefined;
      yield rest;
    }
    if (head !== undefined) throw new Error(`the array ${name} ends within its header`);
  }

  /** By hand: a handle's own streams each leave a listener on it. */
  async *#range(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end; ) {
      const bytes = Buffer.allocUnsafe(Math.min(READ_BYTES, end - at));
      const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, at);
      if (bytesRead === 0) throw new Error("it ends too early");
      yield bytes.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  async *#unpacked(entry: ZipEntry, start: number): AsyncGenerator<Buffer> {
    if (entry.packedBytes === 0) return;
    const packed = Readable.from(this.#range(start, start + entry.packedBytes));
    const checked = new Checked(entry);
    const done =
      entry.method === DEFLATED
        ? pipeline(packed, createInflateRaw({ chunkSize: READ_BYTES }), checked)
        : pipeline(packed, checked);
    // What goes wrong is thrown by the loop below.
    done.catch(() => undefined);
    if (entry.method !== STORED && entry.method !== DEFLATED)
      checked.destroy(
        new Error(`${entry.name} is packed by method ${entry.method}; stored and deflated can be read`),
      );
    yield* checked;
  }
}

/** Lets an entry's bytes through and fails at the end when they are not those that the directory speaks of. */
class Checked extends Transform {
  readonly #entry: ZipEntry;
  #crc = 0;
  #bytes = 0;

  constructor(entry: ZipEntry) {
    super();
    this.#entry = entry;
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#crc = crc32(piece, this.#crc);
    this.#bytes += piece.length;
    done(null, piece);
  }

  override _flush(done: TransformCallback): void {
    const { name, crc, sizeBytes } = this.#entry;
    const isRight = this.#bytes === sizeBytes && this.#crc === crc;
    done(isRight ? null : new Error(`${name} is damaged: its length or checksum is wrong`));
  }
}
