import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { Publisher } from "../../src/forward/publisher.js";
import type { Nats } from "../../src/sources/nats/connection.js";
import { HEADERS } from "../../src/sources/nats/message.js";
import { NatsEvents } from "../../src/telemetry/nats-events.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";

it("asks what became of a message when the connection is lost, and waits for no answer that can't come", async () => {
  const changes = new EventEmitter();
  const sent: number[] = [];
  const publish = (_subject: string, _data: Uint8Array, { expect: { lastSubjectSequence } }: Expecting) => {
    sent.push(lastSubjectSequence);
    if (sent.length > 1) return Promise.resolve({ seq: 8 });
    // Of the first nothing is ever heard.
    queueMicrotask(() => changes.emit("lost"));
    return new Promise(() => undefined);
  };
  const nats = {
    connection: { getServer: () => "10.0.0.1:4222" },
    manager: { direct: { getMessage: async () => null } },
    client: { publish },
    losses: 0,
    isLost: false,
    changes,
  } as unknown as Nats;
  const events = new NatsEvents(silentTelemetry());
  const stopping = new AbortController().signal;
  const publisher = new Publisher({ nats, prefix: "logs", events, stopping });
  const headers = new Map([[HEADERS.hash, "mine"]]);
  const link = await publisher.publish("logs.web-1.a", { headers, data: new Uint8Array() }, undefined);
  expect(link).toEqual({ sequence: 8, hash: "mine" });
  expect(sent).toEqual([0, 0]);
  expect(changes.listenerCount("lost")).toBe(0);
});

it("sends nothing while there is no connection", async () => {
  const changes = new EventEmitter();
  const sent: string[] = [];
  const publish = async (subject: string) => {
    sent.push(subject);
    return { seq: 1 };
  };
  const nats = { client: { publish }, isLost: true, changes } as unknown as Nats;
  const events = new NatsEvents(silentTelemetry());
  const stopping = new AbortController();
  const publisher = new Publisher({ nats, prefix: "logs", events, stopping: stopping.signal });
  const message = { headers: new Map([[HEADERS.hash, "mine"]]), data: new Uint8Array() };
  const published = publisher.publish("logs.web-1.a", message, undefined);
  expect([sent, changes.listenerCount("back")]).toEqual([[], 1]);
  nats.isLost = false;
  changes.emit("back");
  expect(await published).toEqual({ sequence: 1, hash: "mine" });
  nats.isLost = true;
  const stopped = publisher.publish("logs.web-1.a", message, undefined);
  stopping.abort();
  expect(await stopped).toBeUndefined();
  expect(sent).toHaveLength(1);
});

interface Expecting {
  readonly expect: { readonly lastSubjectSequence: number };
}
