import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { namedContainer } from "../../src/core/container.js";
import type { LineBatch } from "../../src/core/source.js";
import { Chain } from "../../src/forward/chain.js";
import { Outbox } from "../../src/forward/outbox.js";
import type { Publisher } from "../../src/forward/publisher.js";
import { MESSAGE_BYTES } from "../../src/sources/nats/message.js";
import { NatsEvents } from "../../src/telemetry/nats-events.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { timeAt } from "../sources/arbitraries.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.advanceTimersByTime(1_000);
});
afterEach(() => {
  vi.useRealTimers();
});

const container = namedContainer("a", "api");

function batchOf(position: number, text: string, state: LineBatch["state"] = "open"): LineBatch {
  const ts = timeAt(BigInt(position) * 1_000_000_000n);
  const line = { ts, stream: "stdout", text, lines: 1, truncated: false, replaced: false } as const;
  return { container, lines: [line], bytes: text.length, gap: undefined, position, state };
}

function openOutbox() {
  const removed = vi.fn();
  let sequence = 0;
  const publish = vi.fn(async () => ({ sequence: ++sequence, hash: "mine" }));
  const outbox = new Outbox({
    subject: "logs.web-1.a",
    chain: new Chain(undefined, 0, MESSAGE_BYTES),
    publisher: { publish } as unknown as Publisher,
    events: new NatsEvents(silentTelemetry()),
    onDiverged: () => undefined,
    onRemoved: removed,
  });
  return { outbox, publish, removed };
}

it("holds a message back for what comes meanwhile, and no longer once there is enough to send", async () => {
  const { outbox, publish } = openOutbox();
  expect(outbox.put(batchOf(1, "first"))).toBeUndefined();
  await outbox.drained();
  expect(publish).toHaveBeenCalledTimes(1);
  expect(outbox.put(batchOf(2, "second"))).toBeUndefined();
  expect(outbox.standing).toEqual({ published: 1, waiting: 1, sequence: 1 });
  // The clock stands still: only what is enough lets it go.
  const room = outbox.put(batchOf(3, "x".repeat(200_000)));
  await Promise.all([room, outbox.drained()]);
  expect(outbox.standing).toEqual({ published: 3, waiting: 0, sequence: 2 });
});

it("says when a container is gone and the stream has all of it", async () => {
  const { outbox, removed } = openOutbox();
  void outbox.put(batchOf(1, "last", "removed"));
  expect(removed).not.toHaveBeenCalled();
  await outbox.drained();
  expect(removed).toHaveBeenCalledTimes(1);
});
