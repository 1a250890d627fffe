import { fastify } from "fastify";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openHttp } from "../../src/http/http.js";
import { collectSamples } from "../../src/http/metrics/sampled.js";
import { ROUTES } from "../../src/http/routes/routes.js";
import { requirement } from "../requirements.js";
import { type Answered, type Asked, FarClient } from "./far-client.js";
import { makeParts } from "./world.js";

const TOKEN = "a-token-of-some-length";

type Endpoint = readonly [path: string, status: number, body?: object];

/** Everything that is answered, with what an empty log folder gives to whoever may ask. */
const OPEN: readonly Endpoint[] = [
  ["GET /healthz", 200],
  ["GET /readyz", 200],
  ["GET /", 200],
  ["GET /main.js", 200],
  ["GET /main.css", 200],
  ["GET /icon.svg", 200],
];
const GUARDED: readonly Endpoint[] = [
  ["GET /metrics", 200],
  ["GET /api/stats", 200],
  ["GET /api/storage", 200],
  ["GET /api/containers", 200],
  ["GET /api/rules", 200],
];
const PRIVATE: readonly Endpoint[] = [
  ["GET /api/doctor", 200],
  ["GET /api/search", 200],
  ["GET /api/tail", 200],
  ["GET /api/histogram", 200],
  ["GET /api/summary", 200],
  ["GET /api/summary/:table", 404],
  ["GET /api/training", 200],
  ["GET /api/training/:dataset/:file", 404],
  ["POST /api/explain", 200, { line: "x" }],
  ["POST /api/flush", 200],
  ["POST /api/retention", 200, { dryRun: true }],
  ["POST /api/cleanup", 200, { dryRun: true }],
  ["POST /api/reload", 200],
];
const ALL = [...OPEN, ...GUARDED, ...PRIVATE];

function requests(base: string, endpoints: readonly Endpoint[], token?: string): Asked[] {
  return endpoints.map(([path, , body]) => {
    const [method = "", url = ""] = path.split(" ");
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
    };
    return { url: base + url, method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  });
}

/** What each was answered, by the endpoint. */
function told(endpoints: readonly Endpoint[], answers: readonly Answered[]) {
  return endpoints.map(([path], at) => [path, answers[at]?.status, answers[at]?.code]);
}

const answered = (endpoints: readonly Endpoint[]) =>
  endpoints.map(([path, status]) => [path, status, status === 200 ? undefined : "HTTP_REQUEST"]);
const refused = (endpoints: readonly Endpoint[], status: number, code: string) =>
  endpoints.map(([path]) => [path, status, code]);

it("the endpoints asked below are all that there are", async () => {
  const found: string[] = [];
  const server = fastify({ exposeHeadRoutes: false });
  server.addHook("onRoute", ({ method, url }) => void found.push(`${String(method)} ${url}`));
  const parts = await makeParts();
  const samples = collectSamples(parts.telemetry);
  for (const route of ROUTES) route(server, { parts, samples, stopping: new AbortController().signal });
  await server.close();
  expect(ALL.map(([path]) => path).sort()).toEqual(found.sort());
});

describe.skipIf(requirement("network-namespace").missing)("asked from another network namespace", () => {
  let far: FarClient;
  beforeAll(async () => {
    far = await FarClient.start();
  });
  afterAll(() => far?.close());

  /** Listens as in the image; gives what asks it from there, and what asks it on loopback. */
  async function open(token?: string) {
    const address = { host: "0.0.0.0", port: 0 };
    const parts = await makeParts();
    const { examine } = parts;
    const http = await openHttp(parts, { address, token, isDefault: false, examine });
    if (http === undefined) throw new Error("a free port is taken");
    onTestFinished(() => http.close());
    const { port } = http.peer;
    const from = (host: string) => (endpoints: readonly Endpoint[], shown?: string) =>
      requests(`http://${host}:${port}`, endpoints, shown);
    const [toFar, toNear] = [from(far.serverAddress), from("127.0.0.1")];
    return {
      remedies: async () => (await far.ask(toFar(PRIVATE))).map(({ remedy }) => remedy),
      asFar: async (endpoints: readonly Endpoint[], shown?: string) =>
        told(endpoints, await far.ask(toFar(endpoints, shown))),
      asNear: async (endpoints: readonly Endpoint[], shown?: string) =>
        told(endpoints, await Promise.all(toNear(endpoints, shown).map(askHere))),
    };
  }

  it("without a token: figures for everybody, what is private on loopback alone, and what mends that", async () => {
    const { asFar, asNear, remedies } = await open();
    expect(await asNear(ALL)).toEqual(answered(ALL));
    expect(await asFar([...OPEN, ...GUARDED])).toEqual(answered([...OPEN, ...GUARDED]));
    expect(await asFar(PRIVATE)).toEqual(refused(PRIVATE, 403, "HTTP_FORBIDDEN"));
    for (const remedy of await remedies()) expect(remedy).toMatch(/SIDECAR_HTTP_TOKEN=.*\.env/);
  });

  it("with a token: everything for whoever shows it, health and the page for all others", async () => {
    const { asFar, asNear } = await open(TOKEN);
    for (const asFrom of [asFar, asNear]) {
      expect(await asFrom(OPEN)).toEqual(answered(OPEN));
      expect(await asFrom([...GUARDED, ...PRIVATE])).toEqual(
        refused([...GUARDED, ...PRIVATE], 401, "HTTP_TOKEN"),
      );
      expect(await asFrom(ALL, TOKEN)).toEqual(answered(ALL));
    }
  });
});

async function askHere({ url, ...init }: Asked): Promise<Answered> {
  const response = await fetch(url, init);
  if (!response.ok) return { ...((await response.json()) as object), status: response.status };
  await response.body?.cancel();
  return { status: response.status };
}
