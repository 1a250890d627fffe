import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { standIn } from "../../src/core/names.js";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/store/checkpoint.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { copyStaged, filesIn, openStore, rawSpec, samplesSpec, TOMORROW, temporaryFolder } from "./stores.js";

const WEB = `raw/web/log_${TOMORROW}.jsonl`;
const BAD = `raw/bad/log_${TOMORROW}.jsonl`;
const INSTEAD = BAD.replace("raw/bad", standIn("raw/bad"));

/** The beginning of a store's life, so that there is something to spoil. */
async function begun(): Promise<string> {
  const logDir = temporaryFolder();
  const store = await openStore(logDir);
  store.series(rawSpec("web")).append("one\n", 1);
  await store.close();
  return logDir;
}

const OTHERS: readonly [string, (path: string) => void][] = [
  ["a file", (path) => writeFileSync(path, "theirs")],
  ["a dangling link", (path) => symlinkSync("/nowhere/at-all", path)],
  ["a FIFO", (path) => expect(spawnSync("mkfifo", [path]).status).toBe(0)],
];

describe("a volume on which somebody else works, too", () => {
  it("is tried for writing without touching what a link leads to", async () => {
    const logDir = await begun();
    symlinkSync(WEB, join(logDir, ".sidecar-probe"));
    await (await openStore(logDir)).close();
    expect(filesIn(logDir)[WEB]).toBe("one\n");
  });

  it("takes away what a start that was killed left of that, and nothing that only looks like it", async () => {
    const logDir = await begun();
    const left = `.sidecar-probe-${"0f".repeat(8)}`;
    for (const path of [left, `.sidecar/staged/${left}`, ".sidecar-probe-mine"])
      writeFileSync(join(logDir, path), "");
    await (await openStore(logDir)).close();
    const probes = readdirSync(logDir, { recursive: true, encoding: "utf8" }).filter((path) =>
      path.includes("probe"),
    );
    expect(probes).toEqual([".sidecar-probe-mine"]);
  });

  it.each(OTHERS)(
    "%s in the place of a folder holds nothing else up, and what belongs there is kept",
    async (_, put) => {
      const logDir = await begun();
      put(join(logDir, "raw/bad"));
      const before = lstatSync(join(logDir, "raw/bad"));
      const telemetry = silentTelemetry();
      const store = await openStore(logDir, { telemetry });
      for (const name of ["bad", "web"]) store.series(rawSpec(name)).append("two\n", 1);
      await store.commit();
      expect(store.status().failing).toBeUndefined();
      expect(telemetry.counters.get("folders_taken_total")).toBe(1);
      await store.close();
      const files = filesIn(logDir);
      expect([files[WEB], files[INSTEAD]]).toEqual(["one\ntwo\n", "two\n"]);
      const next = await openStore(logDir);
      next.series(rawSpec("bad")).append("three\n", 1);
      await next.close();
      const kept = Object.entries(filesIn(logDir)).filter(([path]) => path.startsWith(standIn("raw/bad")));
      expect(kept.map(([, text]) => text).sort()).toEqual(["three\n", "two\n"]);
      expect(lstatSync(join(logDir, "raw/bad")).ino).toBe(before.ino);
    },
  );

  it("a folder that is a link is not written through, before and after its files were made", async () => {
    const logDir = temporaryFolder();
    const elsewhere = temporaryFolder();
    mkdirSync(join(logDir, "raw"), { mode: 0o750 });
    symlinkSync(elsewhere, join(logDir, "raw/bad"));
    const store = await openStore(logDir);
    const [bad, web] = [store.series(rawSpec("bad")), store.series(rawSpec("web"))];
    bad.append("one\n", 1);
    web.append("one\n", 1);
    await store.commit();
    renameSync(join(logDir, "raw/web"), join(logDir, "moved"));
    symlinkSync(elsewhere, join(logDir, "raw/web"));
    web.append("two\n", 1);
    await store.close();
    expect(readdirSync(elsewhere)).toEqual([]);
    const files = filesIn(logDir);
    expect(files[INSTEAD]).toBe("one\n");
    const both = [`moved/log_${TOMORROW}.jsonl`, WEB.replace("raw/web", standIn("raw/web"))];
    expect(both.map((path) => files[path])).toEqual(["one\n", "two\n"]);
  });

  it("samples whose folder is a link are finished beside it", async () => {
    const logDir = temporaryFolder();
    const elsewhere = temporaryFolder();
    const store = await openStore(logDir);
    mkdirSync(join(logDir, "training"));
    symlinkSync(elsewhere, join(logDir, "training/d"));
    store.staged(samplesSpec(), copyStaged).append("1\n", 1);
    await store.sealStaged();
    await store.close();
    expect(filesIn(logDir)[`${standIn("training/d")}/d_${TOMORROW}_1.npz`]).toBe("samples\n1\n");
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it("a category that is a link is refused at the start", async () => {
    const logDir = temporaryFolder();
    symlinkSync(temporaryFolder(), join(logDir, "raw"));
    await expect(openStore(logDir)).rejects.toMatchObject({ code: "LOG_DIR_UNWRITABLE" });
  });

  it("a forged journal or checkpoint changes no file that is not the store's", async () => {
    const logDir = await begun();
    const victim = join(logDir, "..", `victim-${process.pid}.jsonl`);
    writeFileSync(victim, "precious\n");
    try {
      const name = victim.slice(victim.lastIndexOf("/") + 1);
      writeFileSync(join(logDir, ".sidecar/created.jsonl"), `{"path":"../${name}","first":1000000}\n`);
      await (await openStore(logDir)).close();
      const path = join(logDir, ".sidecar/checkpoint.json");
      const { parts, ...head } = decodeCheckpoint(readFileSync(path, "utf8"));
      const entry = { path: `../${name}`, part: 0, length: 1, closed: false, spec: rawSpec("web") };
      writeFileSync(path, encodeCheckpoint({ ...head, segments: [entry] }, new Map()));
      await (await openStore(logDir)).close();
      expect(readFileSync(victim, "utf8")).toBe("precious\n");
    } finally {
      rmSync(victim, { force: true });
    }
  });

  it.each(["lock", "checkpoint.json"])(
    "a FIFO as %s does not let the start wait in silence",
    async (name) => {
      const logDir = await begun();
      const path = join(logDir, ".sidecar", name);
      rmSync(path, { force: true });
      expect(spawnSync("mkfifo", [path]).status).toBe(0);
      const opened = openStore(logDir);
      if (name === "lock") return expect(opened).rejects.toMatchObject({ code: "LOG_DIR_UNWRITABLE" });
      // The checkpoint before it is whole.
      const store = await opened;
      store.series(rawSpec("web")).append("two\n", 1);
      await store.close();
      expect(Object.values(filesIn(logDir)).join("")).toBe("one\ntwo\n");
    },
  );

  it("its own folder, removed while it runs, is made again with the next commit, and nothing is read twice", async () => {
    const logDir = temporaryFolder();
    const telemetry = silentTelemetry();
    const store = await openStore(logDir, { telemetry });
    let position = 1;
    store.register({ name: "position", snapshot: () => String(position) });
    const [web, samples] = [store.series(rawSpec("web")), store.staged(samplesSpec(), copyStaged)];
    web.append("one\n", 1);
    samples.append("1\n", 1);
    await store.commit();
    rmSync(join(logDir, ".sidecar"), { recursive: true });
    position = 2;
    web.append("two\n", 1);
    samples.append("2\n", 1);
    store.series(rawSpec("new")).append("new\n", 1);
    await store.commit();
    expect(store.status().failing).toBeUndefined();
    expect(telemetry.counters.get("store_folder_gone_total")).toBeGreaterThan(0);
    expect(decodeCheckpoint(readFileSync(join(logDir, ".sidecar/checkpoint.json"), "utf8")).parts).toEqual({
      position: 2,
    });
    expect(readFileSync(join(logDir, ".sidecar/created.jsonl"), "utf8")).toContain(WEB);
    await store.sealStaged();
    await store.close();
    const next = await openStore(logDir);
    expect(next.restored("position")).toBe(2);
    await next.close();
    const files = filesIn(logDir);
    expect([files[WEB], files[WEB.replace("web", "new")]]).toEqual(["one\ntwo\n", "new\n"]);
  });

  it("a file that was moved away is left as it is, though another bears its name", async () => {
    const logDir = temporaryFolder();
    const telemetry = silentTelemetry();
    const store = await openStore(logDir, { telemetry });
    const web = store.series(rawSpec("web"));
    web.append("one\n", 1);
    await store.commit();
    web.append("two\n", 1);
    await store.flush();
    renameSync(join(logDir, WEB), join(logDir, "moved.jsonl"));
    writeFileSync(join(logDir, WEB), "theirs\n");
    web.append("three\n", 1);
    await store.commit();
    expect(telemetry.counters.get("segments_lost_total")).toBe(1);
    expect(filesIn(logDir)).toEqual({
      "moved.jsonl": "one\ntwo\n",
      [WEB]: "theirs\n",
      [WEB.replace(".jsonl", ".1.jsonl")]: "three\n",
    });
    await store.close();
    expect(existsSync(join(logDir, ".sidecar/lock"))).toBe(false);
  });
});
