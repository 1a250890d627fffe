import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import type { DockerSourceOptions } from "../../../src/sources/docker/docker-source-options.js";
import { TIMING } from "../../../src/sources/docker/timing.js";
import type { FakeContainer, FakeEngine } from "../fake-engine.js";
import { indentedLines } from "../joiners.js";
import { type Collecting, collect, startEngine } from "./collecting.js";

const WAIT = { timeout: 8_000, interval: 10 };

/** Numbered lines of about 100 bytes: 600 of them fill a file of 100 KB. */
function lines(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, n) => String(from + n).padEnd(100, "."));
}

/** `3-5 8-8` */
function ranges(numbers: readonly number[]): string {
  const starts = numbers.filter((n, index) => numbers[index - 1] !== n - 1);
  const ends = numbers.filter((n, index) => numbers[index + 1] !== n + 1);
  return starts.map((start, index) => `${start}-${ends[index]}`).join(" ");
}

interface Following extends Collecting {
  readonly engine: FakeEngine;
  readonly app: FakeContainer;
  looks(): number;
}

/** A container whose log is rotated each 100 KB is followed, and has printed the first 300 lines at once. */
async function follow(options: Partial<DockerSourceOptions> = {}): Promise<Following> {
  const engine = await startEngine();
  const app = engine.add("app", { options: { "max-size": "100k", "max-file": "3" } });
  // With the usual waiting times: whoever is deaf for a moment is not yet silent.
  const collecting = collect(engine.socket, { timing: TIMING, ...options });
  await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
  engine.print(app, lines(0, 300));
  await vi.waitFor(() => expect(collecting.sink.texts()).toHaveLength(300), WAIT);
  const looks = () => collecting.telemetry.counters.get("looks_total");
  return { ...collecting, engine, app, looks };
}

/** Times that the stream was left for snapshots. */
function left({ telemetry }: Collecting): number {
  return telemetry.counters.get("snapshots_total");
}

describe("an engine that passes a file over", () => {
  it("without any sign is found out: the lines come from the log, and the stream goes on", async () => {
    const following = await follow();
    const { engine, app, sink, telemetry } = following;
    engine.deafen(app);
    engine.print(app, lines(300, 900));
    await sleep(30);
    engine.hear(app);
    engine.print(app, lines(900, 920));
    await vi.waitFor(() => expect(sink.texts()).toHaveLength(920), WAIT);
    engine.print(app, lines(920, 930));
    await vi.waitFor(() => expect(sink.texts()).toEqual(lines(0, 930)), WAIT);
    // It is counted when the look is over, behind the last line that it brought.
    await vi.waitFor(() => expect(telemetry.counters.get("looks_total", "skip")).toBe(1), WAIT);
    expect([left(following), engine.followers(app), sink.gaps.length]).toEqual([0, 1, 0]);
  });

  it("again and again in one burst loses nothing that the stream or the log has, and the rest is told", async () => {
    const following = await follow();
    const { engine, app, sink } = following;
    const lost = new Set<number>();
    let printed = 300;
    for (let round = 0; round < 12; round += 1) {
      engine.deafen(app);
      engine.print(app, lines(printed, printed + 600));
      await sleep(15);
      engine.hear(app);
      // The stream brings these, and all but a few of them are rotated away before the log is read.
      engine.print(app, lines(printed + 600, printed + 700));
      for (let n = printed; n < printed + 600; n += 1) lost.add(n);
      if (round % 3 === 2) app.log.rotate(app.log.messages.length - 30);
      printed += 700;
    }
    await sleep(50);
    engine.print(app, lines(printed, printed + 1));
    const last = lines(printed, printed + 1)[0];
    await vi.waitFor(() => expect(sink.texts().at(-1)).toBe(last), WAIT);
    const stored = sink.texts().map((text) => Number.parseInt(text, 10));
    expect(ranges(stored)).toBe(ranges([...new Set(stored)].sort((a, b) => a - b)));
    const known = new Set(stored);
    const missing = [...Array(printed).keys()].filter((n) => !known.has(n));
    expect(ranges(missing.filter((n) => !lost.has(n)))).toBe("");
    // What may be missing is told, also where the stream turns out to have had it all.
    expect(sink.gaps.length > 0 || missing.length === 0).toBe(true);
  });

  it("and sends a whole file again, all of which is rotated away before the log is read, doubles nothing", async () => {
    const { engine, app, sink, telemetry } = await follow();
    // More than can be remembered one by one.
    engine.print(app, lines(300, 4_300));
    await vi.waitFor(() => expect(sink.texts()).toHaveLength(4_300), WAIT);
    engine.deafen(app);
    engine.print(app, lines(4_300, 4_900));
    await sleep(30);
    engine.hear(app);
    engine.print(app, lines(4_900, 5_000));
    engine.send(app, [...app.log.messages.slice(1_000, 4_300), ...app.log.messages.slice(4_900)]);
    engine.print(app, lines(5_000, 5_100));
    app.log.rotate(app.log.messages.length - 5);
    const left = [...lines(0, 4_300), ...lines(4_900, 5_100)];
    await vi.waitFor(() => expect(sink.texts().at(-1)).toBe(left.at(-1)), WAIT);
    expect(ranges(sink.texts().map((text) => Number.parseInt(text, 10)))).toBe("0-4299 4900-5099");
    expect(sink.gaps.length).toBeGreaterThan(0);
    expect(telemetry.counters.get("resent_lines_total")).toBe(3_400);
  });

  it("just before the container stops", async () => {
    const { engine, app, sink } = await follow();
    engine.deafen(app);
    engine.print(app, lines(300, 900));
    await sleep(30);
    engine.hear(app);
    engine.print(app, lines(900, 905));
    engine.stop(app);
    await vi.waitFor(() => expect(sink.states("app").at(-1)).toBe("ended"), WAIT);
    expect(sink.texts()).toEqual(lines(0, 905));
  });

  it("in the middle of an event leaves the event in one piece", async () => {
    const { engine, app, sink } = await follow({ createJoiner: indentedLines });
    const event = lines(0, 700).map((text) => ` ${text}`);
    engine.print(app, ["Error", ...event.slice(0, 50)]);
    engine.deafen(app);
    engine.print(app, event.slice(50, 650));
    await sleep(30);
    engine.hear(app);
    engine.print(app, [...event.slice(650), "next"]);
    await vi.waitFor(() => expect(sink.texts()).toHaveLength(1002), WAIT);
    const events = sink.batches
      .flatMap((batch) => batch.lines)
      .filter(({ text }) => text.startsWith("Error"));
    expect(events.map(({ text }) => text)).toEqual([["Error", ...event].join("\n")]);
  });
});

describe("an engine that sends lines again", () => {
  it("from the beginning of a file has them left out, and the stream goes on", async () => {
    const following = await follow();
    const { engine, app, sink, telemetry } = following;
    for (const from of [120, 5, 260]) engine.send(app, app.log.messages.slice(from));
    engine.print(app, lines(300, 310));
    await vi.waitFor(() => expect(sink.texts()).toEqual(lines(0, 310)), WAIT);
    expect(telemetry.counters.get("resent_lines_total")).toBe(180 + 295 + 40);
    expect(left(following)).toBe(0);
  });

  it("has the pieces of a long line all taken, though the other stream came between", async () => {
    const following = await follow();
    const { engine, app, sink, telemetry } = following;
    const ts = engine.now();
    const pieces = ["a", "b", "c", "d"].map((letter, n) => letter.repeat(n === 3 ? 10 : 16_384));
    for (const [n, text] of pieces.entries()) {
      const payload = Buffer.from(n === 3 ? `${text}\n` : text);
      engine.store(app, [{ ts, stream: 1, payload }]);
      engine.print(app, [`between ${n}`]);
    }
    await vi.waitFor(() => expect(sink.texts("app", "stderr")).toEqual([pieces.join("")]), WAIT);
    expect(sink.texts("app", "stdout")).toHaveLength(304);
    expect([left(following), telemetry.counters.get("resent_lines_total")]).toEqual([0, 0]);
    // And again, from the first piece or from another one: a file can begin in the middle of a line.
    for (const from of [300, 302]) engine.send(app, app.log.messages.slice(from));
    engine.print(app, ["end"]);
    await vi.waitFor(() => expect(sink.texts("app", "stdout").at(-1)).toBe("end"), WAIT);
    expect(sink.texts("app", "stderr")).toHaveLength(1);
    expect(sink.texts("app", "stdout")).toHaveLength(305);
  });

  it("and then leaves some out is looked into", async () => {
    const { engine, app, sink, telemetry } = await follow();
    engine.deafen(app);
    engine.print(app, lines(300, 400));
    engine.hear(app);
    engine.send(app, app.log.messages.slice(100, 200));
    engine.print(app, lines(400, 410));
    await vi.waitFor(() => expect(sink.texts()).toEqual(lines(0, 410)), WAIT);
    // It is counted when the look is over, behind the last line that it brought.
    await vi.waitFor(() => expect(telemetry.counters.get("looks_total", "skip")).toBe(1), WAIT);
  });
});

describe("an engine that leaves lines out that its log no longer holds either", () => {
  it("behind lines that it sent again has that told", async () => {
    const { engine, app, sink } = await follow();
    engine.deafen(app);
    engine.print(app, lines(300, 400));
    engine.hear(app);
    engine.send(app, app.log.messages.slice(100, 200));
    engine.print(app, lines(400, 410));
    app.log.rotate(app.log.messages.length - 5);
    await vi.waitFor(() => expect(sink.texts()).toEqual([...lines(0, 300), ...lines(400, 410)]), WAIT);
    expect(sink.gaps).toHaveLength(1);
  });

  it("just before the oldest line of its log has that told", async () => {
    const { engine, app, sink } = await follow();
    engine.deafen(app);
    engine.print(app, lines(300, 900));
    await sleep(30);
    engine.hear(app);
    engine.print(app, lines(900, 910));
    app.log.rotate(app.log.messages.length - 10);
    await vi.waitFor(() => expect(sink.texts()).toEqual([...lines(0, 300), ...lines(900, 910)]), WAIT);
    expect(sink.gaps).toHaveLength(1);
  });
});

describe("a container that is quiet", () => {
  it.each([{}, { tty: true }])("has all stored that waited when following began: %o", async (made) => {
    const engine = await startEngine();
    const app = engine.add("app", { options: { "max-size": "10m" }, ...made });
    engine.clockAheadMs = -5_000;
    engine.print(app, ['{"n":0}']);
    engine.print(app, ["Traceback", " File one", " File two"], made.tty ? 0 : 1);
    const collecting = collect(engine.socket, { createJoiner: indentedLines, timing: TIMING });
    const all = ['{"n":0}', "Traceback", " File one", " File two"];
    await vi.waitFor(() => expect(collecting.sink.texts()).toEqual(all), WAIT);
    expect(left(collecting)).toBe(0);
  });

  it("is followed without a look at its log, however old its last line is and whatever it prints now and then", async () => {
    const engine = await startEngine();
    const app = engine.add("app", { options: { "max-size": "10m" } });
    engine.clockAheadMs = -60_000;
    engine.print(app, lines(0, 40));
    engine.clockAheadMs = 0;
    // By the usual times: on a busy machine a line may be on its way for longer than the 20 ms that a probe waits for it here.
    const collecting = collect(engine.socket, { timing: TIMING });
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    for (let n = 40; n < 50; n += 1) {
      engine.print(app, lines(n, n + 1));
      await sleep(100);
    }
    await vi.waitFor(() => expect(collecting.sink.texts()).toEqual(lines(0, 50)), WAIT);
    expect([left(collecting), collecting.telemetry.counters.get("looks_total")]).toEqual([0, 0]);
  });

  it("is followed again after its engine's clock was set back", async () => {
    const following = await follow();
    const { engine, app, sink, telemetry } = following;
    engine.clockAheadMs = -3_600_000;
    for (let n = 300; n < 310; n += 1) {
      engine.print(app, lines(n, n + 1));
      await vi.waitFor(() => expect(sink.texts()).toEqual(lines(0, n + 1)), WAIT);
    }
    expect(telemetry.counters.get("snapshots_total", "time-went-back")).toBe(1);
  });

  it("between bursts has its log looked at ever more rarely while nothing is missing", async () => {
    const { engine, app, sink, looks } = await follow();
    let printed = 300;
    for (let burst = 0; burst < 30; burst += 1) {
      // Too few to fill half a file in a pause at their usual rate; at that of the burst they could fill many.
      await sleep(40);
      engine.print(app, lines(printed, printed + 70));
      printed += 70;
    }
    await vi.waitFor(() => expect(sink.texts()).toEqual(lines(0, printed)), WAIT);
    expect(looks()).toBeLessThan(15);
  });
});
