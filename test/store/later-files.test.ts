import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { DATE, openStore, rawSpec, temporaryFolder } from "./stores.js";

const LINE = `${"x".repeat(99)}\n`;

/** A store that has begun a second segment of `web` and the first of `api` since `early` was called. */
async function writeAround(logDir: string, early: () => void): Promise<void> {
  const store = await openStore(logDir, { segmentSizeBytes: 150 });
  const web = store.series(rawSpec("web"));
  store.series(rawSpec("old", DATE)).append(LINE, 1);
  web.append(LINE, 1);
  await store.commit();
  early();
  for (let times = 0; times < 3; times++) web.append(LINE, 1);
  store.series(rawSpec("api")).append(LINE, 1);
  await store.commit();
  await store.close();
}

function copy(from: string, to: string, part: "raw" | ".sidecar"): void {
  const filter = (path: string) => !path.endsWith(".sock");
  cpSync(join(from, part), join(to, part), { recursive: true, preserveTimestamps: true, filter });
}

async function laterFilesOf(logDir: string): Promise<number> {
  const telemetry = silentTelemetry();
  await openStore(logDir, { telemetry });
  return telemetry.counters.get("files_later_total");
}

it("a copy whose checkpoint is older than its files is told at the start", async () => {
  const [logDir, target] = [temporaryFolder(), temporaryFolder()];
  await writeAround(logDir, () => copy(logDir, target, ".sidecar"));
  copy(logDir, target, "raw");
  // The second segment of web, and the only one of api.
  expect(await laterFilesOf(target)).toBe(2);
});

it("nothing is told of a volume as a sidecar left it, a copy of that, or one whose sidecar was killed", async () => {
  const [logDir, killed, target] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  await writeAround(logDir, () => undefined);
  for (const part of ["raw", ".sidecar"] as const) copy(logDir, target, part);
  const store = await openStore(killed);
  store.series(rawSpec("web")).append(LINE, 1);
  await store.flush();
  const left = temporaryFolder();
  for (const part of ["raw", ".sidecar"] as const) copy(killed, left, part);
  expect([await laterFilesOf(logDir), await laterFilesOf(target), await laterFilesOf(left)]).toEqual([
    0, 0, 0,
  ]);
});

it("a copy whose files are older than its checkpoint lacks those that were sealed in between, too, and all are told", async () => {
  const [logDir, target] = [temporaryFolder(), temporaryFolder()];
  const store = await openStore(logDir, { segmentSizeBytes: 150 });
  const web = store.series(rawSpec("web"));
  const write = async () => {
    for (let times = 0; times < 4; times++) web.append(LINE, 1);
    await store.commit();
  };
  await write();
  copy(logDir, target, "raw");
  for (let times = 0; times < 3; times++) await write();
  await store.close();
  copy(logDir, target, ".sidecar");
  const { lost } = await openStore(target, { segmentSizeBytes: 150 });
  const paths = lost.map(({ path }) => path).sort();
  expect(paths).toEqual(
    [2, 3, 4, 5, 6, 7].map((part) => `${rawSpec("web").folder}/log_${rawSpec("web").date}.${part}.jsonl`),
  );
});
