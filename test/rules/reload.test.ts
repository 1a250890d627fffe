import { appendFile, mkdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RuleStore } from "../../src/rules/reload.js";
import { RuleWatch } from "../../src/rules/watch.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { recordOf, rulesFolder } from "./records.js";

function rule(id: string): string {
  return `rules:\n  - {id: ${id}, match: always, to: {raw: {}}}\n`;
}

async function open(files: Record<string, string>) {
  const dir = await rulesFolder(files);
  const telemetry = silentTelemetry();
  return { dir, telemetry, store: await RuleStore.open({ dir, telemetry }) };
}

function decides(store: RuleStore): string | undefined {
  return store.current.classify(recordOf({ a: 1 })).rule;
}

describe("reload", () => {
  it("bad rules never start", async () => {
    await expect(open({ "a.yaml": "rules: 5" })).rejects.toThrow(/a\.yaml:1:8/);
  });

  it("replaces all rules", async () => {
    const { dir, store, telemetry } = await open({ "a.yaml": rule("one") });
    const before = store.current;
    await writeFile(join(dir, "a.yaml"), rule("two"));
    expect(await store.reload("asked")).toMatchObject({ ok: true });
    expect(decides(store)).toBe("two");
    expect(before.classify(recordOf({ a: 1 })).rule).toBe("one");
    expect(telemetry.counters.get("rules_reloads_total", "changed")).toBe(1);
  });

  it("or none: with an error anywhere the earlier ones stay", async () => {
    const { dir, store, telemetry } = await open({ "a.yaml": rule("one"), "b.yaml": "rules: []" });
    await writeFile(join(dir, "a.yaml"), rule("two"));
    await writeFile(join(dir, "b.yaml"), "rules: [{id: x}]");
    const result = await store.reload("asked");
    expect(result).toMatchObject({ ok: false, problems: [{ file: join(dir, "b.yaml"), line: 1 }] });
    expect(decides(store)).toBe("one");
    expect(telemetry.counters.get("rules_reloads_total", "refused")).toBe(1);
    await rm(dir, { recursive: true });
    expect(await store.reload("asked")).toMatchObject({ ok: false, problems: [] });
    expect(decides(store)).toBe("one");
  });

  it("asked during a reload is done afterwards, once for all that asked", async () => {
    const { dir, store, telemetry } = await open({ "a.yaml": rule("one") });
    const first = store.reload("first");
    await writeFile(join(dir, "a.yaml"), rule("two"));
    const later = [store.reload("second"), store.reload("third")];
    await first;
    expect(await Promise.all(later)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(decides(store)).toBe("two");
    expect(telemetry.counters.get("rules_reloads_total")).toBe(2);
  });

  it("of files that did not change is not done, of bad ones only once", async () => {
    const { dir, store, telemetry } = await open({ "a.yaml": rule("one") });
    expect(await store.reloadIfChanged("poll")).toBeUndefined();
    await writeFile(join(dir, "a.yaml"), "rules: bad");
    expect(await store.reloadIfChanged("poll")).toMatchObject({ ok: false });
    expect(await store.reloadIfChanged("poll")).toBeUndefined();
    await rm(dir, { recursive: true });
    expect(await store.reloadIfChanged("poll")).toMatchObject({ ok: false });
    expect(await store.reloadIfChanged("poll")).toBeUndefined();
    await mkdir(dir);
    await writeFile(join(dir, "a.yaml"), rule("two"));
    expect(await store.reloadIfChanged("poll")).toMatchObject({ ok: true });
    expect(decides(store)).toBe("two");
    expect(telemetry.counters.get("rules_reloads_total", "refused")).toBe(2);
  });
});

it("keeps the rules of a folder that is empty all at once, and says so until they are back", async () => {
  const shipped = await rulesFolder({ "s.yaml": "rules: []" });
  const { dir: own, telemetry } = await open({ "a.yaml": rule("one") });
  const dir = `${shipped}:${own}`;
  const store = await RuleStore.open({ dir, telemetry });
  await rm(join(own, "a.yaml"));
  expect(await store.reloadIfChanged("poll")).toMatchObject({ ok: false });
  expect(decides(store)).toBe("one");
  expect(store.trouble).toContain(`${own} is empty all at once`);
  expect(await store.reloadIfChanged("poll")).toBeUndefined();
  expect(telemetry.counters.get("rules_reloads_total", "refused")).toBe(1);
  await writeFile(join(own, "none.yaml"), "rules: []");
  expect(await store.reloadIfChanged("poll")).toMatchObject({ ok: true });
  expect(decides(store)).toBeUndefined();
  expect(store.trouble).toBeUndefined();
});

it("sees a change that leaves the size and the time of change as they were", async () => {
  const { dir, store } = await open({ "a.yaml": rule("one") });
  const { atime, mtime } = await stat(join(dir, "a.yaml"));
  await writeFile(join(dir, "a.yaml"), rule("two"));
  await utimes(join(dir, "a.yaml"), atime, mtime);
  expect(await store.reloadIfChanged("poll")).toMatchObject({ ok: true });
  expect(decides(store)).toBe("two");
});

it("does nothing for files that were only touched", async () => {
  const { dir, store, telemetry } = await open({ "a.yaml": rule("one") });
  await utimes(join(dir, "a.yaml"), new Date(), new Date());
  expect(await store.reloadIfChanged("poll")).toBeUndefined();
  expect(telemetry.counters.get("rules_reloads_total")).toBe(0);
});

it("asked while a file is being written, ends with all of it", async () => {
  const { dir, store } = await open({ "a.yaml": rule("one") });
  const path = join(dir, "a.yaml");
  await writeFile(path, "rules:\n");
  const asked: Promise<unknown>[] = [];
  for (let at = 0; at < 20; at++) {
    await appendFile(path, `  - {id: r${at}, match: {a: 2}, to: {raw: {}}}\n`);
    asked.push(store.reload("asked"));
  }
  await Promise.all(asked);
  expect(store.current.native).toHaveLength(20);
});

describe("watch", () => {
  const HOUR = 3_600_000;

  it("sees a file written, replaced by rename, and the folder replaced", async () => {
    const { dir, store, telemetry } = await open({ "a.yaml": rule("one") });
    const watch = new RuleWatch(store, { dir, telemetry, settleMs: 10, pollMs: HOUR });
    try {
      await writeFile(join(dir, "a.yaml"), rule("written"));
      await expect.poll(() => decides(store), { timeout: 5000 }).toBe("written");
      await writeFile(join(dir, ".a.yaml.tmp"), rule("renamed"));
      await rename(join(dir, ".a.yaml.tmp"), join(dir, "a.yaml"));
      await expect.poll(() => decides(store), { timeout: 5000 }).toBe("renamed");
      await writeFile(join(dir, "a.yaml"), "rules: bad");
      await expect
        .poll(() => telemetry.counters.get("rules_reloads_total", "refused"), { timeout: 5000 })
        .toBe(1);
      expect(decides(store)).toBe("renamed");
    } finally {
      await watch.close();
    }
  });

  it("looks by itself where the folder tells nothing: in sub-folders and after the folder was replaced", async () => {
    const { dir, store, telemetry } = await open({ "sub/a.yaml": rule("one") });
    const watch = new RuleWatch(store, { dir, telemetry, settleMs: HOUR, pollMs: 20 });
    try {
      await writeFile(join(dir, "sub", "a.yaml"), rule("polled"));
      await expect.poll(() => decides(store), { timeout: 5000 }).toBe("polled");
      await rename(dir, `${dir}.old`);
      await mkdir(dir);
      await writeFile(join(dir, "b.yaml"), rule("replaced"));
      await expect.poll(() => decides(store), { timeout: 5000 }).toBe("replaced");
    } finally {
      await watch.close();
    }
    await writeFile(join(dir, "b.yaml"), rule("closed"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(decides(store)).toBe("replaced");
  });

  it("is not put off for ever by somebody who writes again and again", async () => {
    const { dir, store, telemetry } = await open({ "a.yaml": rule("one") });
    const watch = new RuleWatch(store, { dir, telemetry, settleMs: 200, pollMs: HOUR });
    const writing = setInterval(() => void writeFile(join(dir, "notes.txt"), String(Date.now())), 20);
    try {
      await writeFile(join(dir, "a.yaml"), rule("two"));
      await expect.poll(() => decides(store), { timeout: 5000 }).toBe("two");
    } finally {
      clearInterval(writing);
      await watch.close();
    }
  });

  it("goes on by looking where the folder cannot be watched", async () => {
    const { store, telemetry } = await open({ "a.yaml": rule("one") });
    const watch = new RuleWatch(store, { dir: "/nowhere/rules", telemetry, pollMs: HOUR });
    await watch.close();
    expect(decides(store)).toBe("one");
  });
});
