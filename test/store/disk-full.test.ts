import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { requirement } from "../requirements.js";
import { filesIn, openStore, rawSpec, samplesSpec, temporaryFolder } from "./stores.js";

const KB = 1024;

/** A real file system of 512 KB. */
function smallDisk(): string {
  const folder = temporaryFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k,mode=0750", "tmpfs", folder]);
  // After the store is closed and before the folder is removed.
  onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  return folder;
}

/** Takes so much space that only about `leftBytes` are left. */
function fill(folder: string, leftBytes: number): () => void {
  const path = join(folder, "somebody-elses");
  const text = execFileSync("df", ["--output=avail", "-B1", folder], { encoding: "utf8" });
  writeFileSync(path, Buffer.alloc(Number(text.split("\n")[1]) - leftBytes));
  return () => rmSync(path);
}

function lines(count: number, from = 0): string[] {
  return Array.from(
    { length: count },
    (_, index) => `${JSON.stringify({ line: from + index, text: "x".repeat(80) })}\n`,
  );
}

describe.skipIf(requirement("root").missing)("on a full disk", () => {
  it("in the middle of a segment nothing is torn, reading waits, and all goes on when there is space", async () => {
    const logDir = smallDisk();
    const telemetry = silentTelemetry();
    const store = await openStore(logDir, { telemetry });
    const web = store.series(rawSpec("web"));
    const free = fill(logDir, 48 * KB);
    const all = lines(2000);
    for (const line of all) web.append(line, 1);
    const committed = store.commit();
    await vi.waitFor(() => expect(store.status().diskFull).toBe(true), 5000);
    const seen = Object.entries(filesIn(logDir)).find(([path]) => path.startsWith("raw/"))?.[1] ?? "";
    expect(all.join("").startsWith(seen) && (seen === "" || seen.endsWith("\n"))).toBe(true);
    let hasRoom = false;
    const room = store.room().then(() => {
      hasRoom = true;
    });
    await pause(50);
    expect(hasRoom).toBe(false);
    expect(store.status().failing).toContain("ENOSPC");
    free();
    await committed;
    await room;
    expect(filesIn(logDir)[`raw/web/log_2999-01-01.jsonl`]).toBe(all.join(""));
    expect(store.status()).toMatchObject({ diskFull: false, failing: undefined, waitingBytes: 0 });
    expect(telemetry.counters.get("disk_full_total")).toBe(1);
  });

  it("in the middle of the checkpoint the former one stays until the new one is whole", async () => {
    const logDir = smallDisk();
    const store = await openStore(logDir);
    let state = "small";
    store.register({ name: "state", snapshot: () => JSON.stringify(state) });
    await store.commit();
    // A reader does not lose its last position, however large the new state is.
    state = "x".repeat(100 * KB);
    const free = fill(logDir, 20 * KB);
    const committed = store.commit();
    await vi.waitFor(() => expect(store.status().failing).toContain("checkpoint"), 5000);
    free();
    await committed;
    await store.close();
    expect((await openStore(logDir)).restored("state")).toBe(state);
  });

  it("in the middle of finishing samples none is lost, and half a file is never seen", async () => {
    const logDir = smallDisk();
    const store = await openStore(logDir, { stagedMaxEntries: 100 });
    const all = lines(100);
    const finish = async (source: string, target: string) => {
      await copyFile(source, target);
      await writeFile(target, Buffer.alloc(100 * KB, "y"), { flag: "a" });
      return undefined;
    };
    const samples = store.staged(samplesSpec(), finish);
    for (const line of all.slice(1)) samples.append(line, 1);
    await store.commit();
    const free = fill(logDir, 40 * KB);
    samples.append(all[0] ?? "", 1);
    await vi.waitFor(() => expect(store.status().failing).toContain("finishing training/d"), 5000);
    expect(Object.keys(filesIn(logDir))).toEqual(["somebody-elses"]);
    free();
    await store.sealStaged();
    const text = filesIn(logDir)["training/d/d_2999-01-01_1.npz"] ?? "";
    expect(text).toBe(`samples\n${all.slice(1).join("")}${all[0]}${"y".repeat(100 * KB)}`);
  });

  it("at the start it waits, calls for the emergency cleanup, and begins when that has freed space", async () => {
    const logDir = smallDisk();
    const free = fill(logDir, 0);
    const onDiskFull = vi.fn(async () => free());
    const store = await openStore(logDir, { onDiskFull });
    expect(onDiskFull).toHaveBeenCalledTimes(1);
    store.series(rawSpec("web")).append("line\n", 1);
    await store.commit();
    expect(filesIn(logDir)["raw/web/log_2999-01-01.jsonl"]).toBe("line\n");
  });

  it("close gives up in time, and the next start goes on from the last commit", async () => {
    const logDir = smallDisk();
    const store = await openStore(logDir, { closeLimitMs: 300 });
    const web = store.series(rawSpec("web"));
    web.append("committed\n", 1);
    await store.commit();
    const free = fill(logDir, 8 * KB);
    for (const line of lines(1000)) web.append(line, 1);
    const startMs = performance.now();
    await expect(store.close()).rejects.toMatchObject({ code: "DISK_FULL" });
    expect(performance.now() - startMs).toBeLessThan(3000);
    free();
    await openStore(logDir);
    expect(filesIn(logDir)["raw/web/log_2999-01-01.jsonl"]).toBe("committed\n");
  });
});
