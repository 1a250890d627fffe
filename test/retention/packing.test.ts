import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { gzipPacker } from "../../src/retention/packing/gzip-file.js";
import { PIECE_BYTES, piecesOf } from "../../src/retention/packing/pieces.js";
import { logFolder } from "./files.js";

function fileOf(folder: string, name: string, text: string | Buffer): { source: string; target: string } {
  writeFileSync(join(folder, name), text);
  return { source: join(folder, name), target: join(folder, `${name}.gz`) };
}

describe("gzip", () => {
  it("compresses several files side by side", async () => {
    const folder = logFolder();
    const jobs = Array.from({ length: 7 }, (_, index) =>
      fileOf(folder, `${index}.jsonl`, `line ${index}\n`.repeat(300_000)),
    );
    const packings = await Promise.all(jobs.map((job) => gzipPacker.pack(job)));
    expect(packings.map(({ plainBytes }) => plainBytes)).toEqual(Array(7).fill(2_100_000));
    for (const [index, { source, target }] of jobs.entries()) {
      expect(gunzipSync(readFileSync(target)).equals(readFileSync(source)), String(index)).toBe(true);
    }
  });

  it("gives each byte back, whatever the length", async () => {
    const folder = logFolder();
    const lengths = [
      0,
      1,
      PIECE_BYTES - 1,
      PIECE_BYTES,
      PIECE_BYTES + 1,
      3 * PIECE_BYTES,
      5 * PIECE_BYTES + 7,
    ];
    const contents = lengths.map((length) => randomBytes(length));
    const jobs = contents.map((content, index) => fileOf(folder, `${index}.jsonl`, content));
    await Promise.all(jobs.map((job) => gzipPacker.pack(job)));
    for (const [index, { target }] of jobs.entries()) {
      expect(gunzipSync(readFileSync(target)).equals(contents[index]!), `${lengths[index]} bytes`).toBe(true);
    }
  });

  it("hands errors over with the system's code, and goes on", async () => {
    const folder = logFolder();
    const missing = { source: join(folder, "missing"), target: join(folder, "missing.gz") };
    await expect(gzipPacker.pack(missing)).rejects.toMatchObject({ code: "ENOENT" });
    const taken = fileOf(folder, "a.jsonl", "a\n");
    writeFileSync(taken.target, "somebody's");
    await expect(gzipPacker.pack(taken)).rejects.toMatchObject({ code: "EEXIST" });
    expect(readFileSync(taken.target, "utf8")).toBe("somebody's");
    expect(await gzipPacker.pack(fileOf(folder, "c.jsonl", "c\n"))).toMatchObject({ plainBytes: 2 });
    expect(existsSync(missing.target)).toBe(false);
    expect(readdirSync(folder)).toContain("c.jsonl.gz");
  });

  it("breaks off in the middle of a file", async () => {
    const folder = logFolder();
    const stop = new AbortController();
    const packing = gzipPacker.pack({ ...fileOf(folder, "a.jsonl", "a\n".repeat(8e6)), signal: stop.signal });
    setTimeout(() => stop.abort(), 20);
    await expect(packing).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("piecesOf", () => {
  /** A file of `content` that gives at most `most` bytes at a time, as network file systems may. */
  function fileWith(content: Buffer, most: number): FileHandle {
    const read = async (memory: Buffer, _offset: number, length: number, at: number) => {
      await new Promise((resolve) => setImmediate(resolve));
      return { buffer: memory, bytesRead: content.copy(memory, 0, at, at + Math.min(length, most)) };
    };
    return { read } as unknown as FileHandle;
  }

  it.each([
    ["whole pieces", PIECE_BYTES],
    ["pieces so short that it does not wait for them", 9_001],
  ])("leaves a stream that is slow its bytes: %s", async (_kind, most) => {
    const content = randomBytes(4 * PIECE_BYTES + 99);
    const seen: Buffer[] = [];
    const slow = new Writable({
      write(piece: Buffer, _encoding, done) {
        setTimeout(() => {
          seen.push(Buffer.from(piece));
          done();
        }, 2);
      },
    });
    await pipeline(piecesOf(fileWith(content, most)), slow);
    expect(Buffer.concat(seen).equals(content)).toBe(true);
  });

  it("throws what reading ahead has thrown only when that piece is asked for", async () => {
    let reads = 0;
    const read = async (memory: Buffer) => {
      if (++reads === 2) throw new Error("EIO");
      return { buffer: memory, bytesRead: PIECE_BYTES };
    };
    const pieces = piecesOf({ read } as unknown as FileHandle);
    expect((await pieces.next()).value).toHaveLength(PIECE_BYTES);
    await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(pieces.next()).rejects.toThrow("EIO");
  });

  it("throws what reading throws, once", async () => {
    const broken = { read: () => Promise.reject(new Error("EIO")) } as unknown as FileHandle;
    await expect(piecesOf(broken).next()).rejects.toThrow("EIO");
  });
});
