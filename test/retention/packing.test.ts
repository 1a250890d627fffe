import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import type { WorkerPacker } from "../../src/retention/packing/worker-packer.js";
import { logFolder } from "./files.js";

/** Threads load compiled files, so the whole of it comes from there. */
const compiled = fileURLToPath(new URL("../../dist/retention/packing/worker-packer.js", import.meta.url));

async function openPacker(width: number): Promise<WorkerPacker> {
  const { WorkerPacker: Compiled } = (await import(compiled)) as { WorkerPacker: typeof WorkerPacker };
  const packer = new Compiled(width);
  onTestFinished(() => packer.close());
  return packer;
}

function fileOf(folder: string, name: string, text: string): { source: string; target: string } {
  writeFileSync(join(folder, name), text);
  return { source: join(folder, name), target: join(folder, `${name}.gz`) };
}

describe("threads", () => {
  it("compress more files than there are threads", async () => {
    const folder = logFolder();
    const packer = await openPacker(2);
    const jobs = Array.from({ length: 7 }, (_, index) =>
      fileOf(folder, `${index}.jsonl`, `line ${index}\n`.repeat(1000)),
    );
    const packings = await Promise.all(jobs.map((job) => packer.pack(job)));
    expect(packings.map(({ plainBytes }) => plainBytes)).toEqual(Array(7).fill(7000));
    for (const [index, { source, target }] of jobs.entries()) {
      expect(gunzipSync(readFileSync(target)).equals(readFileSync(source)), String(index)).toBe(true);
    }
  });

  it("hand errors over with the system's code, and go on", async () => {
    const folder = logFolder();
    const packer = await openPacker(1);
    const missing = { source: join(folder, "missing"), target: join(folder, "missing.gz") };
    await expect(packer.pack(missing)).rejects.toMatchObject({ code: "ENOENT" });
    const taken = fileOf(folder, "a.jsonl", "a\n");
    writeFileSync(taken.target, "somebody's");
    await expect(packer.pack(taken)).rejects.toMatchObject({ code: "EEXIST" });
    expect(readFileSync(taken.target, "utf8")).toBe("somebody's");
    expect(await packer.pack(fileOf(folder, "c.jsonl", "c\n"))).toMatchObject({ plainBytes: 2 });
    expect(existsSync(missing.target)).toBe(false);
    expect(readdirSync(folder)).toContain("c.jsonl.gz");
  });
});
