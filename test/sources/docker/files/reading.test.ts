import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { expect, it, vi } from "vitest";
import { EngineFiles, entryOf, refuseLogs } from "../../engine-files.js";
import type { FakeContainer, FakeEngine } from "../../fake-engine.js";
import { indentedLines } from "../../joiners.js";
import { collect, startEngine } from "../collecting.js";

const WAIT = { timeout: 8_000, interval: 10 };

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, n) => String(from + n));
}

async function start(rotation: { files?: number } = {}) {
  const engine = await startEngine();
  const files = new EngineFiles();
  engine.files = files;
  engine.fault = refuseLogs;
  const options = { "max-size": "1m", "max-file": String(rotation.files ?? 3) };
  const app = engine.add("app", { options });
  return { engine, files, app };
}

function read(engine: FakeEngine, more: Parameters<typeof collect>[1] = {}) {
  return collect(engine.socket, { engineFiles: engine.files!.folder, ...more });
}

it("a rotated file is read to its end before the next, whatever the sink makes of it", async () => {
  const { engine, files, app } = await start();
  engine.print(app, numbers(0, 5));
  const { sink } = read(engine);
  await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 5)), WAIT);
  for (let round = 1; round < 20; round += 1) {
    engine.print(app, numbers(round * 5, round * 5 + 3));
    files.rotate(app.id, { compress: round % 3 === 0 });
    engine.print(app, numbers(round * 5 + 3, round * 5 + 5), round % 2 === 0 ? 1 : 0);
    if (round % 2 === 0) await vi.waitFor(() => expect(sink.texts()).toHaveLength(round * 5 + 5), WAIT);
  }
  await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 100)), WAIT);
  expect(sink.gaps).toEqual([]);
});

it("files that the engine removes while the sink has no room are kept for reading", async () => {
  const { engine, files, app } = await start();
  engine.print(app, numbers(0, 5));
  const { sink } = read(engine);
  await vi.waitFor(() => expect(sink.texts()).toHaveLength(5), WAIT);
  let free: () => void = () => undefined;
  sink.wait = new Promise<void>((resolve) => {
    free = resolve;
  });
  for (let round = 1; round < 8; round += 1) {
    engine.print(app, numbers(round * 5, round * 5 + 5));
    files.rotate(app.id, { files: 2 });
    // The engine is seen to rotate at least this often while nothing can be handed on.
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
  sink.wait = undefined;
  free();
  await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 40)), WAIT);
  expect(sink.gaps).toEqual([]);
});

it("what was rotated away unread is told as a gap", async () => {
  const { engine, files, app } = await start();
  engine.print(app, numbers(0, 5));
  const first = read(engine);
  await vi.waitFor(() => expect(first.sink.texts()).toHaveLength(5), WAIT);
  await first.stop();
  for (let round = 1; round < 6; round += 1) {
    engine.print(app, numbers(round * 5, round * 5 + 5));
    files.rotate(app.id);
  }
  engine.print(app, ["last"]);
  const second = read(engine, { restored: first.sink.positions() });
  await vi.waitFor(() => expect(second.sink.texts()).toEqual([...numbers(20, 30), "last"]), WAIT);
  expect(second.sink.gaps).toHaveLength(1);
});

it("what was rotated away before the first look at the log is told as a gap, once it began behind the container's start", async () => {
  const { engine, files, app } = await start();
  for (let round = 0; round < 5; round += 1) {
    engine.print(app, numbers(round * 5, round * 5 + 5));
    // Times of files are those of a clock that ticks each few milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 20));
    files.rotate(app.id);
  }
  engine.print(app, ["last"]);
  const { sink } = read(engine);
  await vi.waitFor(() => expect(sink.texts()).toEqual([...numbers(15, 25), "last"]), WAIT);
  expect(sink.gaps).toEqual(["the engine removed a log file before it was opened"]);
});

it("between the old name of a file and its new one, the files are waited for", async () => {
  const { engine, files, app } = await start();
  engine.print(app, numbers(0, 5));
  const steps = files.rotating(app.id);
  while (existsSync(files.path(app.id))) steps.next();
  const { sink, telemetry } = read(engine);
  await vi.waitFor(() => expect(asked(engine, app)).toBeGreaterThan(1), WAIT);
  for (const _ of steps);
  engine.print(app, ["5"]);
  await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 6)), WAIT);
  expect(sink.gaps).toEqual([]);
  expect(telemetry.counters.get("engine_files_failed_total")).toBe(0);
});

it("goes on after a rotation with a line and an event unfinished", async () => {
  const { engine, files, app } = await start();
  engine.print(app, ["a", "b", "c"]);
  engine.print(app, ["error"], 1);
  engine.store(app, [{ ts: engine.now(), stream: 1, payload: Buffer.alloc(16_384, "y") }]);
  engine.print(app, ["d"]);
  const first = read(engine, { createJoiner: indentedLines });
  await vi.waitFor(() => expect(first.sink.texts()).toEqual(["a", "b", "c", "d"]), WAIT);
  await first.stop();
  files.rotate(app.id);
  engine.store(app, [{ ts: app.log.messages.at(-2)!.ts, stream: 1, payload: Buffer.from("y\n") }]);
  engine.print(app, ["e", "  of e"]);
  const second = read(engine, { createJoiner: indentedLines, restored: first.sink.positions() });
  await vi.waitFor(() => expect(second.sink.texts("app", "stdout")).toEqual(["e", "  of e"]), WAIT);
  const stderr = ["error", "y".repeat(16_385)];
  await vi.waitFor(() => expect(second.sink.texts("app", "stderr")).toEqual(stderr), WAIT);
  expect([...first.sink.gaps, ...second.sink.gaps]).toEqual([]);
});

it.each([
  ["the files", "the log API"],
  ["the log API", "the files"],
])("what %s brought is not brought again by %s", async (before) => {
  const { engine, files, app } = await start();
  const withFiles = (what: boolean, restored = new Map()) => {
    engine.fault = what ? refuseLogs : () => false;
    return collect(engine.socket, { restored, engineFiles: what ? files.folder : undefined });
  };
  engine.print(app, numbers(0, 20));
  const first = withFiles(before === "the files");
  await vi.waitFor(() => expect(first.sink.texts()).toEqual(numbers(0, 20)), WAIT);
  await first.stop();
  engine.print(app, numbers(20, 30));
  const second = withFiles(before !== "the files", first.sink.positions());
  await vi.waitFor(() => expect(second.sink.texts()).toEqual(numbers(20, 30)), WAIT);
  expect(second.sink.gaps).toEqual([]);
});

it("a place is believed only when the line before it stands there", async () => {
  const { engine, files, app } = await start();
  engine.print(app, numbers(0, 50));
  const first = read(engine);
  await vi.waitFor(() => expect(first.sink.texts()).toHaveLength(50), WAIT);
  await first.stop();
  const [[id, stored] = []] = [...first.sink.positions()];
  const position = stored!.position as { file: { offset: number } };
  position.file.offset -= 30;
  engine.print(app, ["50"]);
  const second = read(engine, { restored: new Map([[id!, { ...stored!, position }]]) });
  await vi.waitFor(() => expect(second.sink.texts()).toEqual(["50"]), WAIT);
  expect(files.path(app.id)).toContain(app.id);
});

it("a file that was cut is read from its beginning, and the cut is told", async () => {
  const { engine, files, app } = await start();
  engine.print(app, numbers(0, 50));
  const { sink } = read(engine);
  await vi.waitFor(() => expect(sink.texts()).toHaveLength(50), WAIT);
  truncateSync(files.path(app.id), 0);
  await vi.waitFor(() => expect(sink.gaps).toHaveLength(1), WAIT).catch(() => undefined);
  engine.print(app, ["anew"]);
  await vi.waitFor(() => expect(sink.texts()).toEqual([...numbers(0, 50), "anew"]), WAIT);
  expect(sink.gaps).toEqual(["the engine's log file was cut"]);
});

it("a file that was cut and has grown longer than before is known, whatever stands where reading goes on", async () => {
  const { engine, files, app } = await start();
  const folder = files.path(app.id);
  engine.print(app, numbers(100, 150));
  const { sink } = read(engine);
  await vi.waitFor(() => expect(sink.texts()).toHaveLength(50), WAIT);
  const before = sink.batches.length;
  engine.files = undefined;
  engine.print(app, numbers(200, 300));
  // As one change: it is never seen shorter.
  const grown = app.log.messages.slice(-100).map(entryOf).join("");
  expect(grown.length).toBeGreaterThan(statSync(folder).size);
  writeFileSync(folder, grown, { flag: "r+" });
  await vi.waitFor(() => expect(sink.texts()).toHaveLength(150), WAIT);
  expect(sink.batches.slice(before).flatMap(({ lines }) => lines.map(({ text }) => text))).toEqual(
    numbers(200, 300),
  );
  expect(sink.gaps).toEqual(["the engine's log file was cut"]);
});

it("half an entry at the end of a file is told, and half a compressed file", async () => {
  const { engine, files, app } = await start({ files: 4 });
  const how = { files: 4, compress: true };
  engine.print(app, numbers(0, 5));
  files.rotate(app.id, how);
  engine.print(app, ["5"]);
  writeFileSync(files.path(app.id), '{"log":"half', { flag: "a" });
  files.rotate(app.id, how);
  const packed = `${files.path(app.id)}.2.gz`;
  truncateSync(packed, statSync(packed).size - 10);
  engine.print(app, ["6"]);
  const { sink, telemetry } = read(engine);
  await vi.waitFor(() => expect(sink.texts().slice(-2)).toEqual(["5", "6"]), WAIT);
  const damaged = "an entry of the engine's log file is damaged";
  expect(sink.gaps).toEqual([damaged, damaged]);
  expect(telemetry.counters.get("engine_files_failed_total")).toBe(0);
});

it("a damaged entry is told, and costs none of the others", async () => {
  const { engine, files, app } = await start();
  engine.print(app, ["before"]);
  writeFileSync(files.path(app.id), "\0\0\0\0 no entry\n", { flag: "a" });
  engine.print(app, ["behind"]);
  const { sink } = read(engine);
  await vi.waitFor(() => expect(sink.texts()).toEqual(["before", "behind"]), WAIT);
  expect(sink.gaps).toEqual(["an entry of the engine's log file is damaged"]);
});

it("of lines that one stream was ahead one is damaged: those behind them are not taken for them", async () => {
  const { engine, files, app } = await start();
  engine.print(app, ["before"]);
  const ts = engine.now();
  engine.store(app, [{ ts, stream: 1, payload: Buffer.alloc(16_384, "y") }]);
  engine.print(app, ["a", "b", "c"]);
  const first = read(engine);
  await vi.waitFor(() => expect(first.sink.texts()).toEqual(["before", "a", "b", "c"]), WAIT);
  await first.stop();
  const path = files.path(app.id);
  const entries = readFileSync(path, "utf8").split("\n");
  entries[3] = "\0".repeat(entries[3]!.length);
  writeFileSync(path, entries.join("\n"), { flag: "r+" });
  engine.print(app, ["d", "e"]);
  engine.store(app, [{ ts, stream: 1, payload: Buffer.from("y\n") }]);
  const second = read(engine, { restored: first.sink.positions() });
  await vi.waitFor(() => expect(second.sink.texts("app", "stderr")).toEqual(["y".repeat(16_385)]), WAIT);
  expect(second.sink.texts("app", "stdout")).toEqual(["d", "e"]);
  expect(second.sink.gaps).toEqual(["an entry of the engine's log file is damaged"]);
});

it("an entry that is half written is waited for", async () => {
  const { engine, files, app } = await start();
  engine.print(app, ["one"]);
  const { sink } = read(engine);
  await vi.waitFor(() => expect(sink.texts()).toEqual(["one"]), WAIT);
  const path = files.path(app.id);
  writeFileSync(path, '{"log":"two\\n","str', { flag: "a" });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(sink.texts()).toEqual(["one"]);
  writeFileSync(path, `eam":"stdout","time":"${engine.now()}"}\n`, { flag: "a" });
  await vi.waitFor(() => expect(sink.texts()).toEqual(["one", "two"]), WAIT);
});

it("a container that is removed is read to its end, though its files are gone", async () => {
  const { engine, files, app } = await start();
  engine.print(app, ["one"]);
  const { sink } = read(engine);
  await vi.waitFor(() => expect(sink.texts()).toEqual(["one"]), WAIT);
  engine.print(app, ["last"]);
  rmSync(`${files.folder}/${app.id}`, { recursive: true });
  engine.destroy(app);
  await vi.waitFor(() => expect(sink.states("app").at(-1)).toBe("removed"), WAIT);
  expect(sink.texts()).toEqual(["one", "last"]);
  expect(sink.gaps).toEqual([]);
});

it("what a removed container may have printed behind a full file is told as a gap", async () => {
  const { engine, files, app } = await start();
  engine.print(app, ["x".repeat(16_000)]);
  for (let n = 0; n < 70; n += 1) engine.print(app, ["x".repeat(16_000)]);
  expect(statSync(files.path(app.id)).size).toBeGreaterThan(1_000_000);
  const { sink } = read(engine);
  await vi.waitFor(() => expect(sink.texts()).toHaveLength(71), WAIT);
  rmSync(`${files.folder}/${app.id}`, { recursive: true });
  engine.destroy(app);
  await vi.waitFor(() => expect(sink.states("app").at(-1)).toBe("removed"), WAIT);
  expect(sink.gaps).toEqual(["the engine removed a log file before it was opened"]);
});

it("a container that is removed before its log was opened is told", async () => {
  const { engine, files, app } = await start();
  engine.print(app, ["one"]);
  rmSync(files.path(app.id));
  const { sink } = read(engine);
  await vi.waitFor(() => expect(asked(engine, app)).toBeGreaterThan(1), WAIT);
  engine.destroy(app);
  await vi.waitFor(() => expect(sink.states("app")).toEqual(["removed"]), WAIT);
  expect(sink.gaps).toEqual(["the container was removed before its log was opened"]);
});

it.each([
  ["that is not there", (path: string) => rmSync(path, { recursive: true })],
  ["that holds something else", (path: string) => spoil(path)],
])("with a folder %s the log API is asked, and that is told once", async (_, change) => {
  const { engine, files, app } = await start();
  engine.fault = () => false;
  engine.print(app, numbers(0, 3));
  change(`${files.folder}/${app.id}`);
  engine.files = undefined;
  const { sink, telemetry } = collect(engine.socket, { engineFiles: files.folder });
  await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 3)), WAIT);
  engine.print(app, ["3"]);
  await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 4)), WAIT);
  expect(telemetry.counters.get("engine_files_failed_total")).toBe(1);
});

it("goes on with the log API while the files are away, and with the files when they are back, each line once", async () => {
  const { engine, files, app } = await start();
  const [there, away] = [`${files.folder}/${app.id}`, `${files.folder}/away`];
  engine.print(app, numbers(0, 3));
  renameSync(there, away);
  engine.fault = () => false;
  engine.files = undefined;
  const { sink, telemetry } = collect(engine.socket, { engineFiles: files.folder });
  await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 3)), WAIT);
  engine.print(app, ["Error: no", " at one"]);
  await vi.waitFor(() => expect(sink.texts()).toHaveLength(5), WAIT);
  appendFileSync(`${away}/${app.id}-json.log`, app.log.messages.slice(3).map(entryOf).join(""));
  engine.fault = refuseLogs;
  renameSync(away, there);
  engine.files = files;
  await vi.waitFor(() => expect(engine.followers(app)).toBe(0), WAIT);
  engine.print(app, numbers(3, 6));
  await vi.waitFor(() => expect(sink.texts().slice(5)).toEqual(numbers(3, 6)), WAIT);
  expect(sink.texts().slice(3, 5)).toEqual(["Error: no", " at one"]);
  expect(sink.gaps).toEqual([]);
  expect(telemetry.counters.get("engine_files_failed_total")).toBe(1);
});

/** How often the engine was asked of the container. */
function asked(engine: FakeEngine, { id }: FakeContainer): number {
  return engine.asked.filter((path) => path === `/containers/${id}/json`).length;
}

/** A folder in the place of the file: reading it fails, as root too. */
function spoil(path: string): void {
  const file = `${path}/${path.split("/").at(-1)}-json.log`;
  rmSync(file);
  mkdirSync(file);
}
