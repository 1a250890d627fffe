import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { realDisk } from "../../src/store/disk.js";
import { fencedDisk } from "../../src/store/fence.js";
import { takeLock } from "../../src/store/lock.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";

/** A volume whose owner has no time for its beat, as `clock` knows. */
async function heldUp(clock: "steady" | "wall") {
  const logDir = mkdtempSync(join(tmpdir(), "fence-"));
  const folder = join(logDir, ".sidecar");
  mkdirSync(folder);
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  let heldUpMs = 0;
  const of = clock === "steady" ? performance : Date;
  const nowMs = of.now.bind(of);
  vi.spyOn(of, "now").mockImplementation(() => nowMs() + heldUpMs);
  const wakeUpLater = () => {
    heldUpMs += 8000;
  };
  const onLost = vi.fn();
  const lock = await takeLock({ folder, telemetry: silentTelemetry(), onLost });
  onTestFinished(async () => {
    await lock.release();
    vi.useRealTimers();
    vi.restoreAllMocks();
    rmSync(logDir, { recursive: true });
  });
  const disk = fencedDisk(realDisk(logDir), lock.confirm);
  const file = await disk.create("a");
  await file.write([Buffer.from("one")], 0);
  return { logDir, folder, lockPath: join(folder, "lock"), onLost, disk, file, wakeUpLater };
}

it.each([
  ["an owner that was stopped", "steady"],
  ["an owner whose machine slept", "wall"],
] as const)("%s until another sidecar took its volume over changes nothing more", async (_, clock) => {
  const { logDir, lockPath, onLost, disk, file, wakeUpLater } = await heldUp(clock);
  writeFileSync(lockPath, readFileSync(lockPath, "utf8").replace(/"token":"\w+"/, '"token":"another"'));
  wakeUpLater();
  const refused = { code: "VOLUME_LOCKED" };
  await expect(file.write([Buffer.from("two")], 3)).rejects.toMatchObject(refused);
  await expect(file.truncate(0)).rejects.toMatchObject(refused);
  await expect(disk.create("b")).rejects.toMatchObject(refused);
  await expect(disk.rename("a", "c")).rejects.toMatchObject(refused);
  await expect(disk.remove("a")).rejects.toMatchObject(refused);
  expect(readFileSync(join(logDir, "a"), "utf8")).toBe("one");
  expect(onLost).toHaveBeenCalledTimes(1);
});

it("one whose volume nobody took, or whose lock was removed, goes on", async () => {
  const { logDir, folder, lockPath, onLost, file, wakeUpLater } = await heldUp("steady");
  wakeUpLater();
  await file.write([Buffer.from("two")], 3);
  rmSync(lockPath);
  wakeUpLater();
  await file.write([Buffer.from("three")], 6);
  expect(readFileSync(lockPath, "utf8")).toContain('"token"');
  rmSync(folder, { recursive: true });
  wakeUpLater();
  await file.write([Buffer.from("four")], 11);
  expect(readFileSync(join(logDir, "a"), "utf8")).toBe("onetwothreefour");
  expect(onLost).not.toHaveBeenCalled();
});
