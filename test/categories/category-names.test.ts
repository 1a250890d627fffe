import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { countNames, openNames } from "../../src/categories/category-names.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";

it("does not count folders in which nothing is left", async () => {
  const logDir = await mkdtemp(join(tmpdir(), "names-"));
  onTestFinished(() => rm(logDir, { recursive: true, force: true }));
  for (const name of ["gone", "left", "kept"]) await mkdir(join(logDir, "raw", name), { recursive: true });
  await writeFile(join(logDir, "raw/kept/log_2026-01-31.jsonl.gz"), "");
  expect(await countNames(logDir)).toEqual({ component: 1, table: 0, dataset: 0 });
  const { component } = await openNames({ logDir, limit: 2, telemetry: silentTelemetry() });
  expect(["new", "one more", "kept"].map((name) => component.place(name))).toEqual(["new", "_other", "kept"]);
});

it("gives folders that retention has emptied meanwhile to names that had to share", async () => {
  const logDir = await mkdtemp(join(tmpdir(), "names-"));
  onTestFinished(() => rm(logDir, { recursive: true, force: true }));
  await mkdir(join(logDir, "raw/junk"), { recursive: true });
  await writeFile(join(logDir, "raw/junk/log_2026-01-31.jsonl"), "");
  const { component } = await openNames({ logDir, limit: 1, telemetry: silentTelemetry() });
  await rm(join(logDir, "raw/junk/log_2026-01-31.jsonl"));
  expect(component.place("api")).toBe("_other");
  await expect.poll(() => component.place("api")).toBe("api");
});
