import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it, vi } from "vitest";
import { listWatched, readHeldLines } from "../../../../src/sources/docker/held-lines.js";
import { DockerEvents } from "../../../../src/telemetry/docker-events.js";
import { createTelemetry } from "../../../../src/telemetry/telemetry.js";
import { timeAt } from "../../arbitraries.js";
import type { FakeContainer, FakeEngine } from "../../fake-engine.js";
import { wholeLines } from "../../joiners.js";
import { answerAsPodman, PodmanFiles, refuseOwnApi } from "../../podman-log.js";
import { collect, startEngine } from "../collecting.js";

const WAIT = { timeout: 8_000, interval: 10 };

async function start(logOf?: Parameters<typeof answerAsPodman>[1]) {
  const engine = await startEngine();
  answerAsPodman(engine, logOf);
  const files = new PodmanFiles();
  const app = engine.add("app");
  // Its log is made before Podman says that it has started.
  files.append(app.id);
  app.startedAt = engine.now();
  return { engine, files, app };
}

let turn = 0n;

/** What an app prints in one go, on stdout. */
function print(files: PodmanFiles, { id }: FakeContainer, text: string): void {
  turn += 1_000_000n;
  files.append(id, { ts: timeAt(turn), stream: 0, bytes: Buffer.from(text) });
}

function read(engine: FakeEngine, files: PodmanFiles, more: Parameters<typeof collect>[1] = {}) {
  return collect(engine.socket, { engineFiles: files.folder, ...more });
}

function logsAsked(engine: FakeEngine): number {
  return engine.asked.filter((path) => path.endsWith("/logs")).length;
}

it("a container of Podman is read from its file to its end, goes on where it was broken off, and its log is never asked for", async () => {
  const { engine, files, app } = await start();
  print(files, app, "one\ntwo\nhalf a li");
  const first = read(engine, files);
  await vi.waitFor(() => expect(first.sink.texts()).toEqual(["one", "two"]), WAIT);
  await first.stop();
  print(files, app, "ne\nlast words");
  const second = read(engine, files, { restored: first.sink.positions() });
  await vi.waitFor(() => expect(second.sink.texts()).toEqual(["half a line"]), WAIT);
  engine.stop(app);
  await vi.waitFor(() => expect(second.sink.texts()).toEqual(["half a line", "last words"]), WAIT);
  engine.restart(app);
  print(files, app, "again\n");
  await vi.waitFor(() => expect(second.sink.texts().at(-1)).toBe("again"), WAIT);
  engine.containers.delete(app.id);
  files.remove(app.id);
  // Podman's word for a removal.
  engine.tell("remove", app);
  await vi.waitFor(() => expect(second.sink.states("app").at(-1)).toBe("removed"), WAIT);
  expect(second.sink.gaps).toEqual([]);
  expect(logsAsked(engine)).toBe(0);
});

it("a full log is read to its end before the one that took its place, and what was missed between them is a gap", async () => {
  const { engine, files, app } = await start(() => ({ size: "9MB" }));
  const { sink } = read(engine, files);
  print(files, app, "ready\n");
  await vi.waitFor(() => expect(sink.texts()).toEqual(["ready"]), WAIT);
  // More than can be written in a tick of the clock, of which the times of files are.
  const full = `${"x".repeat(900_000)}\n`.repeat(10);
  const last = () => sink.batches.flatMap(({ lines }) => lines).at(-1)?.text;
  for (let round = 0; round < 3; round += 1) {
    print(files, app, `${full}end ${round}\n`);
    files.rotate(app.id);
    print(files, app, `begin ${round}\n`);
    await vi.waitFor(() => expect(last()).toBe(`begin ${round}`), WAIT);
  }
  expect(sink.texts()).toHaveLength(1 + 3 * 12);
  expect(sink.gaps).toEqual([]);
  print(files, app, `${full}end\n`);
  await vi.waitFor(() => expect(last()).toBe("end"), WAIT);
  files.rotate(app.id);
  const end = Date.now() + 30;
  while (Date.now() < end);
  files.rotate(app.id);
  print(files, app, "behind\n");
  await vi.waitFor(() => expect(last()).toBe("behind"), WAIT);
  expect(sink.gaps).toEqual(["the engine removed a log file before it was opened"]);
});

const DRIVER =
  "cannot be collected: Podman gives the lines of its log driver journald with whole seconds only";

it.each([
  ["has another driver", { driver: "journald", path: "" }, true, DRIVER],
  ["has a log of its own path", { path: "/srv/app.log" }, true, "its log file is /srv/app.log"],
  ["has no files that are mounted", {}, false, "its log files are not mounted"],
])(
  "a container that %s is told once, and nothing of it is asked for or stored",
  async (_, log, mounted, told) => {
    const { engine, files, app } = await start(({ name }) => (name === "app" ? log : {}));
    print(files, app, "never\n");
    const said: string[] = [];
    const destination = { write: (text: string) => void said.push(text) };
    const telemetry = createTelemetry({ level: "error", destination });
    const events = new DockerEvents(telemetry);
    const { sink, source } = read(engine, files, { events, ...(!mounted && { engineFiles: undefined }) });
    await vi.waitFor(() => expect(source.watching.unreadable.has(app.id)).toBe(true), WAIT);
    expect(telemetry.counters.get("containers_unreadable_total")).toBe(1);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(told);
    expect(said[0]).toContain("[PODMAN_LOG]");
    expect(logsAsked(engine)).toBe(0);
    expect(sink.batches).toEqual([]);
  },
);

it("where a proxy lets Podman's own API not be asked, the compatible one has to do", async () => {
  const { engine, files, app } = await start();
  refuseOwnApi(engine);
  print(files, app, "one\n");
  const { sink } = read(engine, files);
  await vi.waitFor(() => expect(sink.texts()).toEqual(["one"]), WAIT);
});

it("a log that cannot be read is told once and tried again, without another start", async () => {
  const { engine, files, app } = await start();
  const path = files.path(app.id);
  const away = join(files.folder, "away");
  mkdirSync(away);
  rmSync(dirname(path), { recursive: true });
  const { sink, telemetry } = read(engine, files);
  await vi.waitFor(() => expect(telemetry.counters.get("engine_files_failed_total")).toBe(1), WAIT);
  symlinkSync(away, dirname(path));
  print(files, app, "there\n");
  await vi.waitFor(() => expect(sink.texts()).toEqual(["there"]), WAIT);
  expect(telemetry.counters.get("engine_files_failed_total")).toBe(1);
});

it("what stands in a container's log file is what verify compares with, to its last words, and without the file it says what is missing", async () => {
  const { engine, files, app } = await start();
  print(files, app, `one\n${"x".repeat(9_000)}\nlast words`);
  const watched = (await listWatched(engine.socket)).get(app.id)!;
  const texts: string[] = [];
  const held = (engineFiles: string | undefined) =>
    readHeldLines(
      watched,
      { address: engine.socket, maxLineBytes: 1_000_000, createJoiner: wholeLines, engineFiles },
      (lines) => texts.push(...lines.map(({ text }) => text)),
    );
  await held(files.folder);
  expect(texts).toEqual(["one", "x".repeat(9_000), "last words"]);
  await expect(held(undefined)).rejects.toThrow(/its log files are not mounted \[PODMAN_LOG\]/);
  files.remove(app.id);
  await expect(held(files.folder)).rejects.toThrow(/app cannot be read.* \[PODMAN_LOG\]/);
  expect(logsAsked(engine)).toBe(0);
});
