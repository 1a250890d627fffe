import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { gzipPacker } from "../../src/retention/packing/gzip-file.js";
import { logFolder } from "./files.js";

function fileOf(folder: string, name: string, text: string): { source: string; target: string } {
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
