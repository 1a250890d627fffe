import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import type { Asked } from "../held-log.js";
import { collect, startEngine } from "./collecting.js";

const WAIT = { timeout: 8_000, interval: 10 };

function lines(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, n) => String(from + n));
}

/** An engine whose reads show some stretches of a container's log, as long as somebody else reads. */
async function compressedLog() {
  const engine = await startEngine();
  const app = engine.add("app", { driver: "local" });
  const select = app.log.select.bind(app.log);
  const show = (...stretches: readonly (readonly [from: number, to: number])[]) => {
    app.log.select = (asked: Asked) => {
      const shown = stretches.flatMap(([from, to]) => app.log.messages.slice(from, to));
      return asked.tail === undefined ? shown : shown.slice(-asked.tail);
    };
  };
  const showAll = () => {
    app.log.select = select;
  };
  return { engine, app, show, showAll };
}

it("a snapshot in which a file stands twice, and another is hidden, is not believed", async () => {
  const { engine, app, show, showAll } = await compressedLog();
  engine.print(app, lines(0, 20), 0);
  await sleep(20);
  engine.print(app, lines(20, 40), 0);
  await sleep(20);
  engine.print(app, lines(40, 60), 0);
  show([0, 20], [0, 20], [40, 60]);
  const { sink } = collect(engine.socket);
  await vi.waitFor(() => expect(sink.texts()).toHaveLength(20), WAIT);
  await sleep(300);
  expect(sink.texts()).toEqual(lines(0, 20));
  showAll();
  await vi.waitFor(() => expect(sink.texts()).toEqual(lines(0, 60)), WAIT);
  expect(sink.gaps).toHaveLength(0);
});

it("a place that is hidden is looked for until it is shown", async () => {
  const { engine, app, show, showAll } = await compressedLog();
  engine.print(app, lines(0, 40));
  const first = collect(engine.socket);
  await vi.waitFor(() => expect(first.sink.texts()).toEqual(lines(0, 40)), WAIT);
  await first.stop();
  await sleep(20);
  engine.print(app, lines(40, 60));
  show([0, 20], [50, 60]);
  const { sink } = collect(engine.socket, { restored: first.sink.positions() });
  await sleep(400);
  expect(sink.texts()).toEqual([]);
  showAll();
  await vi.waitFor(() => expect(sink.texts()).toEqual(lines(40, 60)), WAIT);
  expect(sink.gaps).toHaveLength(0);
});

it("a clock that was set back is believed in the end", async () => {
  const { engine, app } = await compressedLog();
  engine.print(app, lines(0, 20));
  engine.clockAheadMs = -3_600_000;
  engine.print(app, lines(20, 40));
  const { sink } = collect(engine.socket);
  await vi.waitFor(() => expect(sink.texts()).toEqual(lines(0, 40)), { ...WAIT, timeout: 20_000 });
}, 25_000);
