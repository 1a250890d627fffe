import { expect, it, onTestFinished } from "vitest";
import { namedContainer } from "../../src/core/container.js";
import { collectSamples } from "../../src/http/metrics/sampled.js";
import { FORWARDER_ROUTES } from "../../src/http/routes/routes.js";
import { createServer } from "../../src/http/server.js";
import { natsError } from "../../src/sources/nats/trouble.js";
import type { ForwardStatus, Status } from "../../src/status/status.js";
import { NatsEvents } from "../../src/telemetry/nats-events.js";
import { WatchedNow } from "../../src/telemetry/watched-now.js";
import { ask, INSTANCE, makeParts, serverOf } from "./world.js";

const container = { id: "a", name: "shop-api-1", published: 5 };

/** What a forwarder answers, of which tests make what goes on. */
async function makeForwarder() {
  const common = await makeParts();
  const engine = new WatchedNow();
  const events = new NatsEvents(common.telemetry);
  const status: ForwardStatus = {
    servers: ["nats://10.0.0.1:4222"],
    lastPublished: "2026-01-31T12:00:00.000Z",
    containers: [
      { ...container, waiting: 3, sequence: 41 },
      { ...container, id: "b", waiting: 4 },
    ],
  };
  const parts = {
    ...common,
    forwarder: { status, watching: events.watching },
    engine,
    upkeep: { stats: async () => ({ forward: status }) as Status },
  };
  const stopping = new AbortController().signal;
  const server = createServer(parts, {
    routes: FORWARDER_ROUTES,
    token: undefined,
    instance: INSTANCE,
    samples: collectSamples(parts.telemetry),
    stopping,
  });
  onTestFinished(() => server.close());
  const get = async (url: string) => {
    const answer = await ask(server, url);
    return [answer.statusCode, answer.body] as const;
  };
  return { events, engine, get, telemetry: common.telemetry };
}

it("a forwarder is healthy while NATS takes what it sends, and ready while the engine answers too", async () => {
  const { events, engine, get } = await makeForwarder();
  const healthOf = async (url: string) => {
    const [code, body] = await get(url);
    return [code, ...JSON.parse(body).parts.flatMap(({ why }: { why?: string }) => why ?? [])];
  };
  expect(await healthOf("/healthz")).toEqual([503, "the NATS server has not answered yet"]);
  events.connected("10.0.0.1:4222");
  expect(await healthOf("/healthz")).toEqual([200]);
  expect(await healthOf("/readyz")).toEqual([503, "the Docker Engine has not answered yet"]);
  engine.list(new Set());
  expect(await healthOf("/readyz")).toEqual([200]);
  events.disconnected("10.0.0.1:4222");
  expect(await healthOf("/healthz")).toEqual([503, "the connection to NATS at 10.0.0.1:4222 is lost"]);
});

it("what stands still for one container is not made well by another one's message", async () => {
  const { events } = await makeForwarder();
  const { watching } = events;
  events.connected("10.0.0.1:4222");
  events.troubled(natsError(["10.0.0.1:4222"], new Error("no answer")), "logs.web-1.a");
  events.published("logs.web-1.b", 1, 10);
  expect(watching.trouble).toContain("no answer");
  events.published("logs.web-1.a", 1, 10);
  expect(watching.trouble).toBeUndefined();
});

it("a forwarder's metrics say what was read, what the stream has of it and what waits", async () => {
  const { events, engine, get, telemetry } = await makeForwarder();
  events.published("logs.web-1.a", 7, 70);
  engine.list(new Set());
  telemetry.reads.addBatch({
    container: namedContainer("a", "shop-api-1"),
    lines: [
      {
        ts: "2026-01-31T12:00:00.000000000Z",
        stream: "stderr",
        text: "x",
        lines: 2,
        truncated: true,
        replaced: false,
      },
    ],
    bytes: 9,
    gap: { from: undefined, to: undefined, why: "rotated" },
    position: 1,
    state: "open",
  });
  const [, text] = await get("/metrics");
  for (const line of [
    'lines_read_total{service="shop-api-1",stream="stderr"} 2',
    "bytes_read_total 9",
    "lines_truncated_total 1",
    "gaps_total 1",
    "forwarded_lines_total 7",
    "forward_waiting_lines 7",
    "forward_last_sequence 41",
    "forward_last_publish_timestamp_seconds 1769860800",
    "nats_up 1",
    "engine_up 1",
  ])
    expect(text).toContain(`log_sidecar_${line}\n`);
  expect(text).not.toContain("log_sidecar_store_up");
});

it("a sidecar that stores and forwards needs both for its health, and shows both", async () => {
  const common = await makeParts();
  const { watching } = new NatsEvents(common.telemetry);
  const status: ForwardStatus = { servers: [], containers: [{ ...container, waiting: 3 }] };
  const server = serverOf({ ...common, forwarder: { status, watching } });
  const failing = { name: "nats", ok: false, why: "the NATS server has not answered yet" };
  expect((await ask(server, "/healthz")).json()).toMatchObject({
    ok: false,
    parts: [{ name: "volume", ok: true }, failing, { name: "loop", ok: true }],
  });
  watching.trouble = undefined;
  expect((await ask(server, "/healthz")).statusCode).toBe(200);
  expect((await ask(server, "/readyz")).json().parts).toContainEqual({ name: "nats", ok: true });
  const { body } = await ask(server, "/metrics");
  for (const line of ["store_up 1", "nats_up 1", "forward_waiting_lines 3"])
    expect(body).toContain(`log_sidecar_${line}\n`);
});

it("a forwarder answers stats and doctor, and nothing of what it has not", async () => {
  const { get } = await makeForwarder();
  expect(JSON.parse((await get("/api/stats"))[1])).toMatchObject({
    forward: { containers: [container, {}] },
  });
  expect((await get("/api/doctor"))[0]).toBe(200);
  for (const path of ["/", "/api/search", "/api/rules", "/api/storage"])
    expect((await get(path))[0]).toBe(404);
});
