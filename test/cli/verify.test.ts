import { afterAll, beforeAll, expect, it } from "vitest";
import { collectedOf, verify } from "../../src/cli/verify.js";
import type { Container } from "../../src/core/container.js";
import { understandBy } from "../../src/pipeline/understanding.js";
import { createJoiner } from "../../src/records/joiner.js";
import { loadRules } from "../../src/rules/load.js";
import { compilePattern } from "../../src/rules/match/regexp/compile-pattern.js";
import type { Status } from "../../src/status/status.js";
import { timeAt, volumeOf } from "../reading/volumes.js";
import { rulesFolder } from "../rules/records.js";
import { FakeEngine } from "../sources/fake-engine.js";

const counts = { read: 2, written: 2, collapsed: 0, sampled: 0, droppedByRule: 0, droppedByLevel: 0 };
const account = (id: string): Status["containers"][number] => ({
  id,
  name: "api",
  ...counts,
  shed: 0,
  held: 0,
  gaps: 0,
});

let engine: FakeEngine;
beforeAll(async () => {
  engine = new FakeEngine();
  await engine.start();
});
afterAll(() => engine.remove());

it("compares what the engine of a host holds with what is stored of that host, whatever else has the name", async () => {
  const api = engine.add("api");
  for (const second of [1, 2]) engine.print(api, [`line ${second}`], 0, timeAt(second * 1e9));
  const stored = (second: number, host?: string) =>
    JSON.stringify({
      ts: timeAt(second * 1e9),
      level: "info",
      component: "api",
      message: `line ${second}`,
      container: "api",
      ...(host !== undefined && { host }),
      stream: "stdout",
    });
  const logDir = volumeOf({
    "raw/api@web-1/log_2026-01-31.jsonl": [stored(1, "web-1"), stored(2, "web-1")],
    "raw/api/log_2026-01-31.jsonl": [stored(1, "web-2"), stored(1), stored(2)],
  });
  const containers = [`web-1/${api.id}`, `web-2/${api.id}`, api.id].map(account);
  const rules = await loadRules(await rulesFolder({}), { logsources: [], fieldAliases: [] });
  const verdictOf = async (host: string | undefined, json = false) => {
    let text = "";
    const status = await verify(
      {
        logDir,
        json,
        rules,
        host,
        understand: understandBy({ redact: "on", redactKeep: { names: [], components: {} } }),
        collected: collectedOf(containers, host),
        address: engine.socket,
        maxLineBytes: 1_000_000,
        createJoiner: (container: Container) => createJoiner(container, { compilePattern }),
      },
      { write: (part) => (text += part) },
    );
    return { status, text };
  };
  expect(await verdictOf("web-1")).toMatchObject({
    status: 0,
    text: expect.stringMatching(/^web-1\/api +2 .* complete$/m),
  });
  const other = await verdictOf("web-2", true);
  expect(other.status).toBe(1);
  const missing = [`${timeAt(2e9)} stdout raw`];
  expect(JSON.parse(other.text)).toMatchObject([
    { host: "web-2", container: "api", held: 2, missing, double: [] },
  ]);
  const here = await verdictOf(undefined, true);
  expect(here.status).toBe(0);
  expect(JSON.parse(here.text)[0]).not.toHaveProperty("host");
});

it("names the hosts that there are where another one is meant, or none", () => {
  const containers = [account("web-1/a"), account("eu/web-2/b")];
  for (const host of ["eu", undefined])
    expect(() => collectedOf(containers, host)).toThrow(
      "Give --host with one of eu/web-2, web-1, and the address",
    );
  expect(() => collectedOf([account("a")], "web-1")).toThrow("no lines of web-1 are stored here");
  expect([...collectedOf(containers, "eu/web-2").keys()]).toEqual(["b"]);
  expect([...collectedOf([], undefined)]).toEqual([]);
});
