import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { copyStaged, DATE, filesIn, openStore, samplesSpec, temporaryFolder } from "./stores.js";

const staged = (logDir: string) => readdirSync(join(logDir, ".sidecar/staged"));

describe("a staged series", () => {
  it("becomes a finished file when it holds enough entries, closed to others", async () => {
    const logDir = temporaryFolder();
    const store = await openStore(logDir, { stagedMaxEntries: 2 });
    const sources: string[] = [];
    const samples = store.staged(samplesSpec(), async (source, target) => {
      sources.push(readFileSync(source, "utf8"));
      await writeFile(target, "finished", { mode: 0o666 });
      return undefined;
    });
    for (const entry of ["a\n", "b\n", "c\n"]) samples.append(entry, 1);
    await vi.waitFor(() => expect(filesIn(logDir)).toEqual({ "training/d/d_2999-01-01_1.npz": "finished" }));
    expect(sources).toEqual(["samples\na\nb\n"]);
    expect(statSync(join(logDir, "training/d/d_2999-01-01_1.npz")).mode & 0o777).toBe(0o640);
    await vi.waitFor(() => expect(store.status().stagedFiles).toBe(1));
    expect(readdirSync(join(logDir, ".sidecar/tmp"))).toEqual([]);
  });

  it("becomes a finished file when it has grown past the segment size", async () => {
    const logDir = temporaryFolder();
    const store = await openStore(logDir, { segmentSizeBytes: 200 });
    const samples = store.staged(samplesSpec(), copyStaged);
    const long = `${"x".repeat(120)}\n`;
    for (const entry of [long, long, "b\n"]) samples.append(entry, 1);
    await vi.waitFor(() =>
      expect(filesIn(logDir)).toEqual({ "training/d/d_2999-01-01_1.npz": `samples\n${long}${long}` }),
    );
  });

  it("is removed one commit after the one that knows its finished file", async () => {
    const logDir = temporaryFolder();
    const store = await openStore(logDir);
    store.staged(samplesSpec(), copyStaged).append("a\n", 1);
    await store.commit();
    expect(staged(logDir)).toHaveLength(1);
    await store.sealStaged();
    expect(filesIn(logDir)).toEqual({ "training/d/d_2999-01-01_1.npz": "samples\na\n" });
    expect(staged(logDir)).toHaveLength(1);
    await store.commit();
    expect(staged(logDir)).toEqual([]);
  });

  it("goes on after a restart, and is finished by extension when nothing is appended to it any more", async () => {
    const logDir = temporaryFolder();
    const failing = async () => {
      throw new Error("no");
    };
    const first = await openStore(logDir);
    first.registerFinisher(".npz", failing);
    first.staged(samplesSpec(), failing).append("a\n", 1);
    await first.close();
    expect(staged(logDir)).toHaveLength(1);
    const second = await openStore(logDir);
    second.registerFinisher(".npz", copyStaged);
    await vi.waitFor(() =>
      expect(filesIn(logDir)).toEqual({ "training/d/d_2999-01-01_1.npz": "samples\na\n" }),
    );
  });

  it("that takes too long to finish does not keep a close from committing: the next start goes on", async () => {
    const logDir = temporaryFolder();
    const slowly = async (source: string, target: string) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await copyStaged(source, target);
      return undefined;
    };
    const first = await openStore(logDir, { stagedMaxEntries: 1, closeLimitMs: 400 });
    const samples = first.staged(samplesSpec(), slowly);
    for (let n = 0; n < 30; n++) samples.append(`${n}\n`, 1);
    const startMs = performance.now();
    await first.close();
    // All of them would take 4.5 s.
    expect(performance.now() - startMs).toBeLessThan(3000);
    const second = await openStore(logDir);
    second.registerFinisher(".npz", copyStaged);
    const numbers = () => Object.values(filesIn(logDir)).map((text) => Number(text.split("\n")[1]));
    const all = Array.from({ length: 30 }, (_, n) => n);
    await vi.waitFor(() => expect(numbers().sort((a, b) => a - b)).toEqual(all), { timeout: 10_000 });
  });

  it("takes no entries of another header", async () => {
    const logDir = temporaryFolder();
    const store = await openStore(logDir);
    store.staged(samplesSpec("x\n"), copyStaged).append("1\n", 1);
    store.staged(samplesSpec("x,y\n"), copyStaged).append("1,2\n", 1);
    await store.close();
    expect(filesIn(logDir)).toEqual({
      "training/d/d_2999-01-01_1.npz": "x\n1\n",
      "training/d/d_2999-01-01_2.npz": "x,y\n1,2\n",
    });
  });

  it.each([
    ["is old enough", "2999-01-01", 15 * 60_000],
    ["has a date that is over and is quiet", DATE, 6 * 60_000],
  ])("is finished when it %s", async (_, date, afterMs) => {
    vi.useFakeTimers({
      toFake: ["setInterval", "clearInterval", "Date"],
      now: new Date(`${DATE}T23:59:30Z`),
    });
    try {
      const logDir = temporaryFolder();
      const store = await openStore(logDir);
      store.staged(samplesSpec("h\n", date), copyStaged).append("a\n", 1);
      await vi.advanceTimersByTimeAsync(20_000);
      await store.commit();
      expect(filesIn(logDir)).toEqual({});
      await vi.advanceTimersByTimeAsync(afterMs);
      await vi.waitFor(() => expect(filesIn(logDir)).toEqual({ [`training/d/d_${date}_1.npz`]: "h\na\n" }));
      await store.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it("keeps its entries when it cannot be finished, says so and tries again", async () => {
    const logDir = temporaryFolder();
    const telemetry = silentTelemetry();
    const store = await openStore(logDir, { telemetry });
    let attempts = 0;
    const samples = store.staged(samplesSpec(), async (source, target) => {
      attempts++;
      await copyStaged(source, target);
      if (attempts < 3) throw new Error("a bug");
      return undefined;
    });
    samples.append("a\n", 1);
    await store.sealStaged();
    expect(filesIn(logDir)).toEqual({});
    expect(telemetry.counters.get("seal_failures_total")).toBe(1);
    samples.append("b\n", 1);
    await store.sealStaged();
    await vi.waitFor(() => expect(attempts).toBeGreaterThanOrEqual(4), 5000);
    await vi.waitFor(
      () =>
        expect(filesIn(logDir)).toEqual({
          "training/d/d_2999-01-01_1.npz": "samples\na\n",
          "training/d/d_2999-01-01_2.npz": "samples\nb\n",
        }),
      5000,
    );
  });

  it("takes a number that no finished file has, here or in the archive", async () => {
    const logDir = temporaryFolder();
    const store = await openStore(logDir);
    const samples = store.staged(samplesSpec(), copyStaged);
    samples.append("a\n", 1);
    await store.sealStaged();
    samples.append("b\n", 1);
    await store.close();
    expect(Object.keys(filesIn(logDir))).toEqual([
      "training/d/d_2999-01-01_1.npz",
      "training/d/d_2999-01-01_2.npz",
    ]);
  });
});

describe("a manifest", () => {
  const withManifest = async (source: string, target: string) => {
    await copyStaged(source, target);
    return `about ${basename(target)}`;
  };

  it("stands beside its file, and both are left alone by others as long as they may be made again", async () => {
    const logDir = temporaryFolder();
    const store = await openStore(logDir);
    store.staged(samplesSpec(), withManifest).append("a\n", 1);
    await store.sealStaged();
    expect(filesIn(logDir)).toEqual({
      "training/d/d_2999-01-01_1.json": "about d_2999-01-01_1.npz",
      "training/d/d_2999-01-01_1.npz": "samples\na\n",
    });
    expect(statSync(join(logDir, "training/d/d_2999-01-01_1.json")).mode & 0o777).toBe(0o640);
    expect(store.openPaths()).toContain("training/d/d_2999-01-01_1.json");
    await store.commit();
    await store.commit();
    expect(store.openPaths()).not.toContain("training/d/d_2999-01-01_1.json");
  });

  it("never belongs to two files: numbers go on across extensions, and behind a manifest whose file is gone", async () => {
    const logDir = temporaryFolder();
    const store = await openStore(logDir);
    const pickled = { ...samplesSpec(), extension: ".pkl" } as const;
    store.staged(samplesSpec(), withManifest).append("a\n", 1);
    store.staged(pickled, withManifest).append("b\n", 1);
    await store.sealStaged();
    for (const path of Object.keys(filesIn(logDir))) if (!path.endsWith(".json")) rmSync(join(logDir, path));
    store.staged(pickled, withManifest).append("c\n", 1);
    await store.close();
    const paths = Object.keys(filesIn(logDir));
    expect(paths.filter((path) => path.endsWith(".json"))).toHaveLength(3);
    expect(paths).toContain("training/d/d_2999-01-01_3.pkl");
  });
});
