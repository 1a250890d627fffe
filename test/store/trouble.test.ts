import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { Store } from "../../src/store/store.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { requirement } from "../requirements.js";
import { MemoryDisk, seededRandom } from "./memory-disk.js";
import { openStore, optionsFor, rawSpec, temporaryFolder } from "./stores.js";

const LOG = "raw/web/log_2999-01-01.jsonl";

/** A store on a disk that refuses what the test says. */
async function openRefusing(options: Parameters<typeof optionsFor>[1] = {}) {
  const disk = new MemoryDisk(seededRandom(1));
  const telemetry = silentTelemetry();
  const store = await Store.open(optionsFor("/", { telemetry, ...options }), {
    disk,
    takeVolume: async () => ({ release: async () => undefined }),
  });
  return { disk, store, telemetry };
}

describe("a disk that refuses", () => {
  it.each(["makeFolder", "create", "write", "datasync", "stat", "truncate", "rename", "syncFolder"])(
    "%s is asked again until it does not, and nothing is twice or missing",
    async (operation) => {
      const { disk, store, telemetry } = await openRefusing();
      const web = store.series(rawSpec("web"));
      web.append("one\n", 1);
      let refused = 0;
      disk.refuse = (asked, path) => {
        // Truncating is how a failed write is undone, so that one has to fail first.
        const isFirst = operation === "truncate" && refused === 0 && asked === "write" && path === LOG;
        return (isFirst || asked === operation) && refused++ < 3 ? "EIO" : undefined;
      };
      await store.commit();
      expect(refused).toBeGreaterThan(2);
      web.append("two\n", 1);
      await store.commit();
      expect(disk.files().get(LOG)).toBe("one\ntwo\n");
      expect(disk.afterPowerLoss().files().get(LOG)).toBe("one\ntwo\n");
      expect(telemetry.counters.get("store_failures_total")).toBeGreaterThan(0);
      expect(store.status().failing).toBeUndefined();
    },
  );

  it("one file is refused before the next of its series is made: numbers follow the order of the entries", async () => {
    const { disk, store } = await openRefusing({ segmentSizeBytes: 5 });
    const web = store.series(rawSpec("web"));
    for (const line of ["one--\n", "two--\n", "three\n"]) web.append(line, 1);
    let refusals = 2;
    disk.refuse = (operation) => (operation === "create" && refusals-- > 0 ? "EIO" : undefined);
    await store.commit();
    const names = [LOG, LOG.replace(".jsonl", ".1.jsonl"), LOG.replace(".jsonl", ".2.jsonl")];
    expect(names.map((name) => disk.files().get(name))).toEqual(["one--\n", "two--\n", "three\n"]);
  });

  it("is told in the status for as long as it does", async () => {
    const { disk, store } = await openRefusing();
    store.series(rawSpec("web")).append("one\n", 1);
    disk.refuse = (operation) => (operation === "create" ? "EROFS" : undefined);
    const committed = store.commit();
    await vi.waitFor(() => expect(store.status().failing).toContain("EROFS"));
    expect(store.status().diskFull).toBe(false);
    disk.refuse = () => undefined;
    await committed;
    expect(store.status().failing).toBeUndefined();
  });

  it("for want of space calls for the emergency cleanup, once at a time, and says so once", async () => {
    let free: () => void = () => undefined;
    const onDiskFull = vi.fn(() => new Promise<void>((resolve) => (free = resolve)));
    const { disk, store, telemetry } = await openRefusing({ onDiskFull });
    for (const name of ["a", "b", "c"]) store.series(rawSpec(name)).append("one\n", 1);
    disk.refuse = (operation) => (operation === "write" ? "EDQUOT" : undefined);
    const committed = store.commit();
    await vi.waitFor(() => expect(store.status().diskFull).toBe(true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(onDiskFull).toHaveBeenCalledTimes(1);
    expect(telemetry.counters.get("disk_full_total")).toBe(1);
    disk.refuse = () => undefined;
    free();
    await committed;
    await store.room();
  });

  it("a sync is not believed the next time: the bytes are written again", async () => {
    const { disk, store } = await openRefusing();
    const [web, other] = [store.series(rawSpec("web")), store.series(rawSpec("other"))];
    web.append("one\n", 1);
    await store.commit();
    // Large enough for buffers that are used again, which must not happen while they may still be needed.
    const two = `${"2".repeat(300_000)}\n`;
    web.append(two, 1);
    let refusals = 3;
    disk.refuse = (operation, path) =>
      operation === "datasync" && path === LOG && refusals-- > 0 ? "EIO" : undefined;
    const committed = store.commit();
    other.append("x".repeat(300_000), 1);
    await store.flush();
    await committed;
    expect(disk.afterPowerLoss().files().get(LOG)).toBe(`one\n${two}`);
  });
});

describe("room", () => {
  it("is there at once until too much waits, and again when it is durable", async () => {
    const { disk, store } = await openRefusing({ bufferLimitBytes: 1000 });
    const web = store.series(rawSpec("web"));
    expect(store.room()).toBe(store.room());
    let isOpen = false;
    disk.refuse = (operation) => (operation === "write" && !isOpen ? "EIO" : undefined);
    web.append("x".repeat(1001), 1);
    let hasRoom = false;
    const room = store.room().then(() => {
      hasRoom = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(hasRoom).toBe(false);
    isOpen = true;
    // Without a commit: what is written is synced early when the buffer is crowded.
    await room;
    expect(store.status()).toMatchObject({ waitingBytes: 0, commits: 1 });
  });

  it("lets a fast writer through a small buffer, whatever the number of series", async () => {
    const logDir = temporaryFolder();
    const store = await openStore(logDir, { bufferLimitBytes: 20_000 });
    const all = Array.from({ length: 50 }, (_, index) => store.series(rawSpec(`app-${index}`)));
    let highest = 0;
    for (let i = 0; i < 1000; i++) {
      all[i % 50]?.append("x".repeat(200), 1);
      highest = Math.max(highest, store.status().waitingBytes);
      await store.room();
    }
    expect(highest).toBeLessThan(20_500);
  });
});

describe("a lock that was lost", () => {
  it("lets the store write nothing more, and close without harm", async () => {
    const disk = new MemoryDisk(seededRandom(1));
    const onFatal = vi.fn();
    let loseLock: () => void = () => undefined;
    const store = await Store.open(optionsFor("/", { onFatal }), {
      disk,
      takeVolume: async (onLost) => {
        loseLock = onLost;
        return { release: async () => undefined };
      },
    });
    const web = store.series(rawSpec("web"));
    web.append("one\n", 1);
    await store.commit();
    const before = disk.files();
    loseLock();
    web.append("two\n", 1);
    await expect(store.flush()).rejects.toMatchObject({ code: "VOLUME_LOCKED" });
    await expect(store.commit()).rejects.toMatchObject({ code: "VOLUME_LOCKED" });
    await expect(store.close()).rejects.toMatchObject({ code: "VOLUME_LOCKED" });
    expect(disk.files()).toEqual(before);
    expect(onFatal).toHaveBeenCalledTimes(1);
  });
});

describe("a part that cannot be saved", () => {
  it("ends the store, which says so and commits nothing", async () => {
    const onFatal = vi.fn();
    const { disk, store } = await openRefusing({ onFatal, batchSize: 1 });
    store.register({
      name: "broken",
      snapshot: () => {
        throw new Error("a bug");
      },
    });
    const before = disk.files().get(".sidecar/checkpoint.json");
    store.noteRecords(1, true);
    await vi.waitFor(() => expect(onFatal).toHaveBeenCalledTimes(1), 2000);
    expect(store.status().failing).toBe("a bug");
    expect(disk.files().get(".sidecar/checkpoint.json")).toBe(before);
  });
});

it("refuses a log folder where the system makes none, such as /proc", async () => {
  const opening = Store.open(optionsFor("/proc/sidecar/logs", {}));
  await expect(opening).rejects.toMatchObject({ code: "LOG_DIR_UNWRITABLE" });
});

describe.skipIf(requirement("root").missing)("a log folder of another user", () => {
  const program = fileURLToPath(new URL("../fixtures/store-holder.mjs", import.meta.url));
  const dist = fileURLToPath(new URL("../../dist", import.meta.url));

  /** As an ordinary user, who may not write everywhere. */
  function openAsUser(logDir: string): string {
    const user = { uid: 65534, gid: 65534 };
    return spawnSync(process.execPath, [program, dist, logDir], { ...user, encoding: "utf8" }).stdout;
  }

  it("is said with its owner and mode, and with what mends it", () => {
    const logDir = temporaryFolder();
    chmodSync(logDir, 0o755);
    chownSync(logDir, 1000, 1000);
    const said = openAsUser(logDir);
    expect(said).toContain(`LOG_DIR_UNWRITABLE: ${logDir}`);
    expect(said).toContain("cannot be written by uid 65534, gid 65534");
    expect(said).toContain("a folder of uid 1000, gid 1000, mode 0755");
    expect(said).toContain(`sudo chown -R 65534:65534 ${logDir}`);
  });

  it("is found in a folder of an earlier run too", () => {
    const logDir = temporaryFolder();
    chownSync(logDir, 65534, 65534);
    mkdirSync(join(logDir, "raw"), { mode: 0o755 });
    expect(openAsUser(logDir)).toContain(`LOG_DIR_UNWRITABLE: ${logDir}/raw`);
  });

  it("that is missing, where it may not be made, is said with the command that makes it", () => {
    const parent = temporaryFolder();
    chmodSync(parent, 0o755);
    expect(openAsUser(join(parent, "logs"))).toContain(
      `sudo install -d -o 65534 -g 65534 -m 0750 ${parent}/logs`,
    );
  });
});
