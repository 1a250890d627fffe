import type { AddressInfo } from "node:net";
import { fastify } from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { createListener } from "../../src/http/guards/connections.js";
import { openHttp } from "../../src/http/http.js";
import { answerLater } from "../../src/http/later.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { makeParts } from "./world.js";

it("answers all who ask first, and knows what was measured before anybody did", async () => {
  const parts = await makeParts();
  const address = { host: "127.0.0.1", port: 0 };
  const service = await openHttp(parts, {
    address,
    token: undefined,
    isDefault: false,
    examine: parts.examine,
  });
  const orders = { name: "orders_total", type: "counter", help: "x", labelNames: ["shop"] } as const;
  parts.telemetry.metrics.record(orders, 2, ["north"]);
  const { port } = service!.peer;
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  const [metrics, health] = await Promise.all([ask("/metrics"), ask("/healthz")]);
  expect(metrics).toContain('orders_total{shop="north"} 2\n');
  expect(metrics).toContain("log_sidecar_commit_seconds_count 0\n");
  expect(JSON.parse(health)).toHaveProperty("ok");
  parts.telemetry.metrics.record(orders, 3, ["north"]);
  expect(await ask("/metrics")).toContain('orders_total{shop="north"} 5\n');
  await service!.close();
  await expect(ask("/healthz")).rejects.toThrow();
});

it("says so where the server can't be made, and tries again for the next who asks", async () => {
  const telemetry = silentTelemetry();
  const listener = createListener(telemetry);
  let tries = 0;
  const answers = answerLater(listener, telemetry, async () => {
    tries += 1;
    if (tries === 1) throw new Error("no memory");
    const server = fastify({ serverFactory: () => listener });
    server.get("/", async () => "well");
    return server;
  });
  onTestFinished(() => answers.close());
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  const ask = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    return [answer.status, await answer.text()];
  };
  const [status, text] = await ask();
  expect([status, JSON.parse(String(text)).code]).toEqual([500, "HTTP_FAILED"]);
  expect(await ask()).toEqual([200, "well"]);
  expect(await ask()).toEqual([200, "well"]);
  expect(tries).toBe(2);
});
