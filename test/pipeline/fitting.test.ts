import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fittingBuffer, fittingQuota, fittingSizes } from "../../src/pipeline/fitting.js";

it.each<[wanted: number, memory: number | undefined, fitting: number]>([
  [512e6, undefined, 512e6],
  [512e6, 0, 512e6],
  [512e6, 2 ** 63, 512e6],
  [512e6, 1024 ** 3, 1024 ** 3 / 8],
  [50e6, 1024 ** 3, 50e6],
  [512e6, 1e6, 1e6],
])("of %d bytes in %s of memory %d may wait", (wanted, memory, fitting) => {
  expect(fittingBuffer(wanted, memory)).toBe(fitting);
});

it("a segment is at most a sixteenth of its disk, of a folder that is still to be made, too", async () => {
  const { bsize, blocks } = statfsSync(tmpdir());
  const { segmentSizeBytes, uncommittedLimitBytes, reserve } = await fittingSizes({
    logDir: join(tmpdir(), "not-made-yet"),
    segmentSize: 1e15,
  });
  expect(segmentSizeBytes).toBeGreaterThan(0);
  expect(segmentSizeBytes).toBeLessThanOrEqual((bsize * blocks) / 16);
  expect(reserve?.sizeBytes).toBeLessThanOrEqual(32 * 1024 * 1024);
  expect(uncommittedLimitBytes).toBeLessThanOrEqual((bsize * blocks) / 32);
  expect((await fittingSizes({ logDir: tmpdir(), segmentSize: 4096 })).segmentSizeBytes).toBe(4096);
});

it("keeps for ever no more of a small disk than it can have for weeks", () => {
  expect(fittingQuota(64e6, 20e9)).toBe(64e6);
  expect(fittingQuota(64e6, 64e6)).toBe(1e6);
  expect(fittingQuota(64e6, 0)).toBe(64e6);
});
