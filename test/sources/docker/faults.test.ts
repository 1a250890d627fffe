import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { TIMING } from "../../../src/sources/docker/timing.js";
import { timeAt } from "../arbitraries.js";
import { frame } from "../engine-log.js";
import { refuse } from "../fake-engine.js";
import { indentedLines } from "../joiners.js";
import { answerAsPodman } from "../podman-log.js";
import { collect, startEngine } from "./collecting.js";

const WAIT = { timeout: 8_000, interval: 10 };

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, n) => String(from + n));
}

describe("a stream that breaks", () => {
  it("in the middle of a frame is read on from the place before it", async () => {
    const engine = await startEngine();
    const app = engine.add("app");
    engine.print(app, numbers(0, 5));
    const { sink } = collect(engine.socket);
    await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 5)), WAIT);
    const message = { ts: engine.now(), stream: 0 as const, payload: Buffer.from("5\n") };
    app.log.messages.push(message);
    engine.sendBytes(app, frame(message).subarray(0, 20));
    engine.cut(app);
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    engine.print(app, ["6"]);
    await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 7)), WAIT);
  });

  it("by a reset of the connection is read on, each line once", async () => {
    const engine = await startEngine("tcp");
    const app = engine.add("app");
    const { sink } = collect(engine.tcp);
    for (let round = 0; round < 4; round += 1) {
      await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
      engine.print(app, numbers(round * 10, round * 10 + 10));
      engine.cut(app, round % 2 === 0 ? "reset" : "close");
    }
    await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 40)), WAIT);
  });

  it("each time it is quiet, as behind a proxy, costs no line", async () => {
    const engine = await startEngine();
    const app = engine.add("app", { options: { "max-size": "10m" } });
    const { sink } = collect(engine.socket);
    for (let round = 0; round < 10; round += 1) {
      await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
      engine.cut(app);
      engine.print(app, [String(round)]);
    }
    await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 10)), WAIT);
    expect(sink.gaps).toEqual([]);
  });

  it("and ends at once each time while the container runs is not asked for all the time", async () => {
    const engine = await startEngine();
    const app = engine.add("app");
    engine.fault = ({ query }) => {
      query.set("follow", "0");
      return false;
    };
    engine.print(app, ["0"]);
    const { sink } = collect(engine.socket);
    await vi.waitFor(() => expect(sink.texts()).toEqual(["0"]), WAIT);
    await sleep(1000);
    expect(engine.asked.filter((path) => path.endsWith("/logs")).length).toBeLessThan(25);
    engine.print(app, ["1"]);
    await vi.waitFor(() => expect(sink.texts()).toEqual(["0", "1"]), WAIT);
  });
});

describe("following a log that rotates", () => {
  it("is not given up because the engine has no time: what takes long to tell its last message is as slow to send", async () => {
    const engine = await startEngine();
    const app = engine.add("app", { options: { "max-size": "1m" } });
    const { sink, telemetry } = collect(engine.socket);
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    let told = false;
    engine.fault = ({ query, response }) => {
      if (query.get("tail") !== "1") return false;
      setTimeout(() => {
        told = true;
        response.end(frame(app.log.messages.at(-1)!));
      }, 1_500);
      return true;
    };
    engine.deafen(app);
    engine.print(app, ["0"]);
    await vi.waitFor(() => expect(told).toBe(true), WAIT);
    await sleep(300);
    engine.hear(app);
    engine.send(app, app.log.messages);
    await vi.waitFor(() => expect(sink.texts()).toEqual(["0"]), WAIT);
    expect(telemetry.counters.get("snapshots_total", "silent")).toBe(0);
  });

  it.each(["socket", "tcp"] as const)("notices on %s that it hangs for ever", async (how) => {
    const engine = await startEngine(how);
    const app = engine.add("app");
    const { sink, telemetry } = collect(engine[how]);
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    engine.print(app, ["0"]);
    await vi.waitFor(() => expect(sink.texts()).toEqual(["0"]), WAIT);
    engine.deafen(app);
    // Cut by hand: what was read is gone with it.
    app.log.rotate(1);
    engine.print(app, ["1", "2"]);
    await vi.waitFor(() => expect(sink.texts()).toEqual(["0", "1", "2"]), WAIT);
    expect(telemetry.counters.get("snapshots_total", "silent")).toBe(1);
    expect(sink.gaps).toHaveLength(1);
  });

  it("hands on lines of one text and one time, stamped by a coarse clock", async () => {
    const engine = await startEngine();
    const app = engine.add("app", { options: { "max-size": "10m" } });
    const { sink } = collect(engine.socket);
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    for (let tick = 0; tick < 5; tick += 1) {
      engine.print(app, new Array<string>(7).fill("same"), 0, engine.now());
      await sleep(30);
    }
    await vi.waitFor(() => expect(sink.texts()).toEqual(new Array<string>(35).fill("same")), WAIT);
    await sleep(300);
    expect(sink.texts()).toHaveLength(35);
  });

  it.each([3_000, -3_000])("is not led astray by an engine clock that is %i ms off", async (aheadMs) => {
    const engine = await startEngine("tcp");
    engine.clockAheadMs = aheadMs;
    const app = engine.add("app", { options: { "max-size": "1g" } });
    const { sink, telemetry } = collect(engine.tcp);
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    for (let n = 0; n < 20; n += 1) {
      engine.print(app, [String(n)]);
      await sleep(20);
    }
    await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 20)), WAIT);
    expect(telemetry.counters.get("snapshots_total")).toBe(0);
  });
});

describe("an engine that refuses", () => {
  it.each([500, 409, 404, 403])("a log with %i for a while gets all asked for later", async (status) => {
    const engine = await startEngine();
    const app = engine.add("app");
    engine.print(app, ["0"]);
    engine.fault = ({ path, response, before }) => {
      if (!path.endsWith("/logs") || before >= 4) return false;
      refuse(response, status, "try again");
      return true;
    };
    const { sink } = collect(engine.socket);
    await vi.waitFor(() => expect(sink.texts()).toEqual(["0"]), WAIT);
    engine.print(app, ["1"]);
    await vi.waitFor(() => expect(sink.texts()).toEqual(["0", "1"]), WAIT);
  });

  it.each([409, 404])("a log with %i for good is asked rarely, and it is told", async (status) => {
    const engine = await startEngine();
    const app = engine.add("app");
    engine.fault = ({ path, response }) => {
      if (!path.endsWith("/logs")) return false;
      refuse(response, status, "dead or marked for removal");
      return true;
    };
    const { telemetry } = collect(engine.socket);
    await sleep(1500);
    expect(engine.asked.filter((path) => path === `/containers/${app.id}/logs`).length).toBeLessThan(8);
    expect(telemetry.counters.get("stream_errors_total")).toBe(0);
  });

  it("a container's lines because of its log driver is believed, and the others are collected", async () => {
    const engine = await startEngine();
    const remote = engine.add("remote", { driver: "gelf" });
    const app = engine.add("app");
    engine.print(app, ["0"]);
    engine.fault = ({ path, response }) => {
      if (path !== `/containers/${remote.id}/logs`) return false;
      refuse(response, 501, "configured logging driver does not support reading");
      return true;
    };
    const { sink, telemetry } = collect(engine.socket);
    await vi.waitFor(() => expect(sink.texts("app")).toEqual(["0"]), WAIT);
    await sleep(300);
    expect(telemetry.counters.get("containers_unreadable_total")).toBe(1);
    expect(engine.asked.filter((path) => path === `/containers/${remote.id}/logs`)).toHaveLength(1);
  });

  it("to tell about one container does not keep it from being heard about the others", async () => {
    const engine = await startEngine();
    const broken = engine.add("broken");
    const stuck = engine.add("stuck");
    const app = engine.add("app");
    engine.print(app, ["0"]);
    engine.fault = ({ path, response }) => {
      if (path === `/containers/${stuck.id}/json`) return true;
      if (path !== `/containers/${broken.id}/json`) return false;
      refuse(response, 500, "layer does not exist");
      return true;
    };
    const { sink } = collect(engine.socket);
    await vi.waitFor(() => expect(sink.texts("app")).toEqual(["0"]), WAIT);
    const lists = engine.asked.filter((path) => path === "/containers/json").length;
    const later = engine.add("later");
    engine.print(later, ["1"]);
    await vi.waitFor(() => expect(sink.texts("later")).toEqual(["1"]), WAIT);
    // By the event, not by asking again and again.
    expect(engine.asked.filter((path) => path === "/containers/json").length - lists).toBe(0);
  });

  it("to know a container for a moment gets none of its lines twice", async () => {
    const engine = await startEngine();
    const app = engine.add("app");
    engine.print(app, numbers(0, 5));
    const { sink } = collect(engine.socket);
    await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 5)), WAIT);
    let wrong = true;
    engine.fault = ({ path, response }) => {
      if (!wrong || path !== `/containers/${app.id}/json`) return false;
      refuse(response, 404, "No such container");
      return true;
    };
    engine.cut(app);
    await vi.waitFor(() => expect(sink.states("app")).toContain("removed"), WAIT);
    wrong = false;
    engine.print(app, ["5"]);
    engine.hushEvents();
    await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, 6)), WAIT);
  });
});

describe("an engine that comes and goes", () => {
  it("is waited for", async () => {
    const engine = await startEngine("not yet");
    const { sink } = collect(engine.socket);
    await sleep(200);
    await engine.start();
    const app = engine.add("app");
    engine.print(app, ["0"]);
    await vi.waitFor(() => expect(sink.texts()).toEqual(["0"]), WAIT);
  });

  it("is found again with its containers changed meanwhile", async () => {
    const engine = await startEngine();
    const [kept, stopped, removed] = ["kept", "stopped", "removed"].map((name) => engine.add(name));
    for (const container of [kept!, stopped!, removed!]) engine.print(container, ["0"]);
    const { sink } = collect(engine.socket);
    await vi.waitFor(() => expect(sink.texts()).toHaveLength(3), WAIT);
    await engine.halt();
    engine.print(kept!, ["1"]);
    engine.print(stopped!, ["1"]);
    stopped!.status = "exited";
    engine.containers.delete(removed!.id);
    const fresh = engine.add("fresh");
    engine.print(fresh, ["0"]);
    await sleep(100);
    await engine.start();
    await vi.waitFor(() => expect(sink.texts("fresh")).toEqual(["0"]), WAIT);
    await vi.waitFor(() => expect(sink.states("stopped")).toContain("ended"), WAIT);
    await vi.waitFor(() => expect(sink.states("removed")).toContain("removed"), WAIT);
    for (const name of ["kept", "stopped"]) {
      await vi.waitFor(() => expect(sink.texts(name)).toEqual(["0", "1"]), WAIT);
    }
    // Nobody knows what the removed one printed last.
    expect(sink.gaps).toHaveLength(1);
  });

  it("is asked what ran while its events were not heard", async () => {
    const engine = await startEngine();
    const app = engine.add("app", { status: "exited" });
    engine.print(app, ["0"]);
    const { sink } = collect(engine.socket);
    await vi.waitFor(() => expect(sink.states("app")).toContain("ended"), WAIT);
    engine.hushEvents();
    engine.print(app, ["1"]);
    await vi.waitFor(() => expect(sink.texts()).toEqual(["0", "1"]), WAIT);
  });
});

describe("containers", () => {
  it("that are restarted again and again are read to their end each time, without haste", async () => {
    const engine = await startEngine();
    const app = engine.add("app");
    const { sink } = collect(engine.socket);
    for (let run = 0; run < 3; run += 1) {
      engine.print(app, [String(run)]);
      engine.stop(app, "restarting");
      await vi.waitFor(() => expect(sink.texts()).toEqual(numbers(0, run + 1)), WAIT);
      const before = engine.asked.length;
      await sleep(300);
      expect(engine.asked.length - before).toBeLessThan(8);
      engine.restart(app);
    }
    engine.stop(app);
    await vi.waitFor(() => expect(sink.states("app").at(-1)).toBe("ended"), WAIT);
  });

  it("that live for a moment are read to their end, and leave no gap", async () => {
    const engine = await startEngine();
    const { sink } = collect(engine.socket);
    await vi.waitFor(() => expect(engine.asked).toContain("/events"), WAIT);
    await sleep(50);
    const app = engine.add("app");
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    engine.print(app, numbers(0, 20));
    engine.destroy(app);
    await vi.waitFor(() => expect(sink.states("app")).toContain("removed"), WAIT);
    expect(sink.texts()).toEqual(numbers(0, 20));
    expect(sink.gaps).toEqual([]);
  });

  it("that vanish while the stream was cut leave a gap", async () => {
    const engine = await startEngine();
    const app = engine.add("app", { options: { "max-size": "10m" } });
    engine.print(app, ["0"]);
    const { sink } = collect(engine.socket);
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    let away = true;
    engine.fault = ({ path, response }) => {
      if (!away || !path.endsWith("/logs")) return false;
      response.destroy();
      return true;
    };
    engine.cut(app);
    await sleep(100);
    engine.print(app, ["never read"]);
    away = false;
    engine.destroy(app);
    await vi.waitFor(() => expect(sink.states("app")).toContain("removed"), WAIT);
    expect(sink.gaps).toHaveLength(1);
  });

  it("that are renamed are told by their new name from then on", async () => {
    const engine = await startEngine();
    const app = engine.add("app");
    engine.print(app, ["0"]);
    const { sink } = collect(engine.socket);
    await vi.waitFor(() => expect(sink.texts("app")).toEqual(["0"]), WAIT);
    engine.rename(app, "web");
    await vi.waitFor(() => {
      engine.print(app, ["tick"]);
      expect(sink.texts("web").length).toBeGreaterThan(0);
    }, WAIT);
  });

  it("that were removed while no sidecar ran leave a gap, unless they had been read to their end", async () => {
    const engine = await startEngine();
    const [done, open] = ["done", "open"].map((name) => engine.add(name));
    for (const container of [done!, open!]) engine.print(container, ["0"]);
    const first = collect(engine.socket);
    await vi.waitFor(() => expect(first.sink.texts()).toHaveLength(2), WAIT);
    engine.stop(done!);
    await vi.waitFor(() => expect(first.sink.states("done")).toContain("ended"), WAIT);
    await first.stop();
    engine.destroy(done!);
    engine.destroy(open!);
    const { sink } = collect(engine.socket, { restored: first.sink.positions() });
    await vi.waitFor(() => expect(sink.states("open")).toContain("removed"), WAIT);
    await vi.waitFor(() => expect(sink.states("done")).toContain("removed"), WAIT);
    expect(sink.gaps).toEqual(["the container was removed while no sidecar was running"]);
  });

  it("go on after a restart of the sidecar, each line once", async () => {
    const engine = await startEngine("socket", "each");
    const app = engine.add("app", { options: { "max-size": "10m" } });
    let restored = new Map();
    const texts: string[] = [];
    for (let run = 0; run < 5; run += 1) {
      engine.print(app, numbers(run * 10, run * 10 + 5));
      const { sink, stop } = collect(engine.socket, { restored, createJoiner: indentedLines });
      await vi.waitFor(() => expect(sink.batches.length).toBeGreaterThan(0), WAIT);
      engine.print(app, numbers(run * 10 + 5, run * 10 + 10));
      if (run === 4) await vi.waitFor(() => expect([...texts, ...sink.texts()]).toHaveLength(50), WAIT);
      await stop();
      texts.push(...sink.texts());
      restored = new Map([...restored, ...sink.positions()]);
    }
    expect(texts).toEqual(numbers(0, 50));
  });
});

describe("a sink that has no room", () => {
  it("makes the connection wait, and nothing is told wrong meanwhile", async () => {
    const engine = await startEngine();
    const app = engine.add("app", { options: { "max-size": "10m" } });
    const { sink, telemetry } = collect(engine.socket);
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    let free: () => void = () => undefined;
    sink.wait = new Promise((resolve) => {
      free = resolve;
    });
    const texts = numbers(0, 6_000).map((n) => n.padEnd(600, "."));
    for (let from = 0; from < texts.length; from += 300) {
      engine.print(app, texts.slice(from, from + 300));
      await sleep(50);
    }
    const bytes = sink.batches.reduce((sum, batch) => sum + batch.bytes, 0);
    // One read of the connection, and one more for each doubt in between.
    expect(bytes).toBeLessThan(200_000);
    expect(telemetry.counters.get("snapshots_total", "silent")).toBe(0);
    expect(telemetry.counters.get("stream_errors_total")).toBe(0);
    sink.wait = undefined;
    free();
    await vi.waitFor(() => expect(sink.texts()).toHaveLength(texts.length), WAIT);
    expect(sink.texts()).toEqual(texts);
  });

  it("tears no message of a TTY and no event of several lines", async () => {
    const engine = await startEngine();
    const app = engine.add("app", { tty: true });
    const { sink } = collect(engine.socket, { createJoiner: indentedLines });
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    // Reads of the connection end in the middle of an event nearly always.
    const places = Array.from({ length: 19 }, (_, n) => ` at ${n}`.padEnd(150, "."));
    const texts = numbers(0, 300).flatMap((n) => [n, ...places]);
    for (let from = 0; from < texts.length; from += 1000) {
      sink.wait = sleep(700);
      engine.print(app, texts.slice(from, from + 1000));
      await sleep(100);
    }
    await vi.waitFor(() => expect(sink.texts()).toHaveLength(texts.length), { ...WAIT, timeout: 15_000 });
    expect(sink.texts()).toEqual(texts);
    expect(sink.batches.flatMap(({ lines }) => lines).every(({ lines }) => lines === 20)).toBe(true);
  });

  it("does not keep the source from stopping", async () => {
    const engine = await startEngine();
    const app = engine.add("app");
    const { sink, stop } = collect(engine.socket);
    sink.wait = new Promise(() => undefined);
    engine.print(app, ["0"]);
    await vi.waitFor(() => expect(sink.texts()).toEqual(["0"]), WAIT);
    await stop();
  });
});

describe("an engine that leaves a question unanswered", () => {
  it.each([
    ["which version it is", "/version"],
    ["which containers there are", "/containers/json"],
    ["what Podman calls a container's log", "/libpod/"],
  ])("%s is given up at a stop, with its connection, which would keep the process", async (_, path) => {
    const engine = await startEngine();
    answerAsPodman(engine);
    const { fault } = engine;
    let given: Promise<unknown> | undefined;
    engine.fault = (asked) => {
      if (!asked.path.includes(path)) return fault(asked);
      given = once(asked.response, "close");
      return true;
    };
    engine.add("app");
    const { stop } = collect(engine.socket, { timing: TIMING });
    await vi.waitFor(() => expect(given).toBeDefined(), WAIT);
    await stop();
    await given;
  });
});

describe("an event of several lines", () => {
  it("is handed on while the other stream is busy", async () => {
    const engine = await startEngine();
    const app = engine.add("app");
    const { sink } = collect(engine.socket, { createJoiner: indentedLines });
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    engine.print(app, ["Error: no", " at one", " at two"], 1);
    for (let n = 0; n < 30 && sink.texts("app", "stderr").length === 0; n += 1) {
      engine.print(app, [String(n)]);
      await sleep(50);
    }
    const [event] = sink.batches.flatMap(({ lines }) => lines).filter(({ stream }) => stream === "stderr");
    expect(event?.text).toBe("Error: no\n at one\n at two");
    expect(sink.texts("app", "stdout").length).toBeGreaterThan(0);
  });

  it("is handed on with the first look at a log, unless it may still go on", async () => {
    const engine = await startEngine();
    const ts = engine.now(Date.now() - 60_000);
    const app = engine.add("app", { options: { "max-size": "1m" }, startedAt: ts });
    engine.print(app, ["Error: no", " at one"], 1, ts);
    engine.print(app, ["Error: yes", " at one"], 0, engine.now(Date.now() + 60_000));
    // Held: nothing comes but what the look brings.
    engine.fault = ({ query }) => query.get("follow") === "1";
    const { sink } = collect(engine.socket, { createJoiner: indentedLines });
    await vi.waitFor(() => expect(sink.texts("app", "stderr")).toEqual(["Error: no", " at one"]), WAIT);
    expect(sink.texts("app", "stdout")).toEqual([]);
  });

  it("is not handed on before it is whole because the other stream is quiet", async () => {
    const engine = await startEngine();
    const app = engine.add("app");
    const { sink } = collect(engine.socket, { createJoiner: indentedLines });
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    engine.print(app, ["quiet from now on"]);
    engine.print(app, ["Error: no"], 1);
    for (let n = 0; n < 10; n += 1) {
      await sleep(60);
      engine.print(app, [` at ${n}`], 1);
    }
    await vi.waitFor(() => expect(sink.texts("app", "stderr")).toHaveLength(11), WAIT);
    const events = sink.batches.flatMap(({ lines }) => lines).filter(({ stream }) => stream === "stderr");
    expect(events).toHaveLength(1);
  });
});

describe("where reading begins", () => {
  it("is now, when that was asked for", async () => {
    const engine = await startEngine();
    const app = engine.add("app");
    app.log.messages.push({ ts: timeAt(0n), stream: 0, payload: Buffer.from("long ago\n") });
    const old = { ts: "2020-01-01T00:00:00.000000000Z", stream: 0 as const, payload: Buffer.from("old\n") };
    app.log.messages.unshift(old);
    app.log.messages.pop();
    const { sink } = collect(engine.socket, { since: "now" });
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    engine.print(app, ["new"]);
    await vi.waitFor(() => expect(sink.texts()).toEqual(["new"]), WAIT);
  });
});
