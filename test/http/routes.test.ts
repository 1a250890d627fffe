import { EventEmitter, once } from "node:events";
import { writeFileSync } from "node:fs";
import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { namedContainer } from "../../src/core/container.js";
import { SidecarError } from "../../src/core/errors.js";
import { LoopWatch } from "../../src/http/health.js";
import { Ledger } from "../../src/pipeline/ledger.js";
import { createTelemetry } from "../../src/telemetry/telemetry.js";
import { WatchedNow } from "../../src/telemetry/watched-now.js";
import type { Upkeep } from "../../src/upkeep/upkeep.js";
import { rulesFolder } from "../rules/records.js";
import { ask, makeParts, post, RULES, serverOf } from "./world.js";

const STATUS = {
  openSegments: 0,
  stagedFiles: 0,
  waitingBytes: 0,
  commits: 0,
  lastCommitMs: 0,
  lastCommitTookMs: 0,
};

it("says which part is not well and why", async () => {
  const watching = new WatchedNow();
  watching.trouble = "the Docker Engine does not answer";
  const rulesDir = await rulesFolder(RULES);
  const parts = await makeParts({
    rulesDir,
    source: { watching },
    store: { status: () => ({ ...STATUS, diskFull: false, failing: "writing raw/a: EIO" }) },
  });
  const server = serverOf(parts);
  const health = await ask(server, "/healthz");
  expect(health.statusCode).toBe(503);
  expect(health.json()).toEqual({
    ok: false,
    parts: [
      { name: "volume", ok: false, why: "writing raw/a: EIO" },
      { name: "loop", ok: true },
    ],
  });
  writeFileSync(join(rulesDir, "a.yaml"), "rules: 7");
  await parts.rules.reload("a test");
  const ready = await ask(server, "/readyz");
  expect(ready.statusCode).toBe(503);
  const [, , engine, rules] = ready.json().parts;
  expect(engine).toEqual({ name: "engine", ok: false, why: "the Docker Engine does not answer" });
  expect(rules.why).toContain("the earlier ones are in use");
});

it("is healthy while no engine answers, and not ready", async () => {
  const server = serverOf(await makeParts({ source: { watching: new WatchedNow() } }));
  expect((await ask(server, "/healthz")).statusCode).toBe(200);
  expect((await ask(server, "/readyz")).statusCode).toBe(503);
});

it("notices that the loop stood still, for a while after it", () => {
  let nowMs = 0;
  const loop = new LoopWatch(() => nowMs);
  nowMs = 5_000;
  expect(loop.trouble).toBeUndefined();
  nowMs += 13_000;
  expect(loop.trouble).toBe("it stood still for 12 s");
  for (; nowMs < 47_000; nowMs += 1_000) loop.beat();
  expect(loop.trouble).toBe("it stood still for 12 s");
  for (; nowMs < 50_000; nowMs += 1_000) loop.beat();
  expect(loop.trouble).toBeUndefined();
  loop.stop();
});

it("tells of containers that are there, and of those that have an account", async () => {
  const watching = new WatchedNow();
  watching.follow({ ...namedContainer("a1", "shop-api-1"), composeService: "api", image: "api:2" });
  watching.giveUp(namedContainer("b2", "mute"));
  const ledger = new Ledger(undefined);
  ledger.of(namedContainer("a1", "shop-api-1")).read = 5;
  ledger.of(namedContainer("c3", "old")).read = 7;
  const { containers } = (
    await ask(serverOf(await makeParts({ source: { watching }, ledger })), "/api/containers")
  ).json();
  expect(containers).toMatchObject([
    { id: "b2", name: "mute", state: "unreadable" },
    { id: "c3", name: "old", state: "gone", read: 7 },
    { id: "a1", name: "shop-api-1", service: "api", image: "api:2", state: "collected", read: 5 },
  ]);
});

it("explains a line by the rules in use, as the command does", async () => {
  const server = serverOf(await makeParts());
  const line = '{"event_type":"paid","password":"hunter2"}';
  const answer = await post(server, "/api/explain", { line, container: { name: "shop" } });
  expect(answer.headers["content-type"]).toContain("application/json");
  expect(answer.json()).toMatchObject({ rule: "paid", to: ["raw"], record: { container: "shop" } });
  expect(answer.body).not.toContain("hunter2");
});

it("says nothing of what fails for somebody who has gone, and logs what fails for others", async () => {
  const said: string[] = [];
  const telemetry = createTelemetry({ level: "error", destination: { write: (text) => said.push(text) } });
  const steps = new EventEmitter();
  const examine = async () => {
    steps.emit("asked");
    await once(steps, "fail");
    throw new Error("no doctor");
  };
  const server = serverOf(await makeParts({ telemetry, examine }));
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const request = (how: "goes" | "stays") => {
    const asked = get({ port, path: "/api/doctor", headers: { host: "localhost" } });
    asked.on("error", () => undefined);
    server.server.once("request", (_, response) => {
      // The answer's own end comes first where somebody waits for it.
      response.once("close", () => steps.emit(how));
    });
    return asked;
  };
  const leaver = request("goes");
  await once(steps, "asked");
  leaver.destroy();
  await once(steps, "goes");
  steps.emit("fail");
  const waiter = request("stays");
  await once(steps, "asked");
  steps.emit("fail");
  const [answer] = await once(waiter, "response");
  expect([answer.statusCode, said.length]).toEqual([500, 1]);
  answer.resume();
});

it("reads the rules again, and says what is wrong with them", async () => {
  const rulesDir = await rulesFolder(RULES);
  const server = serverOf(await makeParts({ rulesDir }));
  writeFileSync(
    join(rulesDir, "b.yaml"),
    "rules:\n  - { id: sold, match: { event_type: sold }, to: { raw: {} } }\n",
  );
  expect((await post(server, "/api/reload")).json()).toEqual({ files: 2, native: 2, sigma: 0, tests: 0 });
  expect((await ask(server, "/api/rules")).json()).toMatchObject({
    native: 2,
    trouble: null,
    rules: [
      { id: "paid", kind: "native", matches: 0, hour: 0, day: 0, last: null, metrics: [] },
      { id: "sold", kind: "native", matches: 0 },
    ],
  });
  writeFileSync(join(rulesDir, "b.yaml"), "rules: 7");
  const refused = await post(server, "/api/reload");
  expect([refused.statusCode, refused.json().code]).toEqual([422, "RULES_INVALID"]);
  expect(refused.json().message).toContain("b.yaml:1");
});

it("hands retention and cleanup on as they were asked for", async () => {
  const asked: unknown[] = [];
  const refuse = () => Promise.reject(new SidecarError("RETENTION_RUNNING", "Retention is at work"));
  const upkeep: Partial<Upkeep> = {
    retention: async (request) => {
      asked.push(request);
      return refuse();
    },
    cleanup: async (request) => {
      asked.push(request);
      return refuse();
    },
  };
  const server = serverOf(await makeParts({ upkeep: upkeep as Upkeep }));
  const busy = await post(server, "/api/retention", { dryRun: true, now: "2026-01-31T12:00:00Z" });
  expect([busy.statusCode, busy.json()]).toEqual([
    409,
    {
      code: "RETENTION_RUNNING",
      message: "Retention is at work",
      remedy: "Wait until it has ended; the sidecar runs it by itself too.",
    },
  ]);
  await post(server, "/api/cleanup", { include: ["training"] });
  await post(server, "/api/cleanup", { target: 50, dryRun: true });
  expect(asked).toEqual([
    { dryRun: true, nowMs: Date.parse("2026-01-31T12:00:00Z") },
    { dryRun: false, include: ["training"], targetPercent: 80 },
    { dryRun: true, include: [], targetPercent: 50 },
  ]);
});

it("answers what it cannot understand with a code and a remedy, and never with a stack", async () => {
  const upkeep: Partial<Upkeep> = {
    stats: () => Promise.reject(new TypeError("secret inside at /src/x.ts:1")),
  };
  const server = serverOf(await makeParts({ upkeep: upkeep as Upkeep }));
  const cases: [number, string, ReturnType<typeof ask>][] = [
    [500, "HTTP_FAILED", ask(server, "/api/stats")],
    [404, "HTTP_REQUEST", ask(server, "/api/nothing")],
    [404, "HTTP_REQUEST", ask(server, "/..%2f..%2fetc/passwd")],
    [404, "HTTP_REQUEST", ask(server, "/api/flush", { method: "DELETE" })],
    [400, "HTTP_REQUEST", post(server, "/api/cleanup", { target: 500 })],
    [400, "HTTP_REQUEST", post(server, "/api/retention", { now: "yesterday" })],
    [400, "HTTP_REQUEST", post(server, "/api/retention", { dryrun: true })],
    [400, "HTTP_REQUEST", post(server, "/api/explain", {})],
    [
      415,
      "HTTP_REQUEST",
      ask(server, "/api/flush", {
        method: "POST",
        payload: "a=1",
        headers: { "content-type": "application/x-www-form-urlencoded" },
      }),
    ],
    [413, "HTTP_REQUEST", post(server, "/api/explain", { line: "x".repeat(3e6) })],
  ];
  for (const [status, code, answer] of cases) {
    const { statusCode, body, headers, json } = await answer;
    expect([statusCode, json().code]).toEqual([status, code]);
    expect(Object.keys(json())).toEqual(["code", "message", "remedy"]);
    expect(body).not.toContain("secret inside");
    expect(headers).toMatchObject({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
  }
});
