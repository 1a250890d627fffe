import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { loadSettings } from "../../src/config/load.js";
import { examine } from "../../src/doctor/doctor.js";
import { examineNats } from "../../src/doctor/nats.js";
import { initStream } from "../../src/sources/nats/stream.js";
import { requirement } from "../requirements.js";
import { rulesFolder } from "../rules/records.js";
import { connected, startServer } from "../sources/nats/server.js";
import type { Servers } from "../torture/hosts/servers.mjs";

describe.skipIf(requirement("nats-server").missing)("the stream of many hosts", () => {
  let servers: Servers;
  let rulesDir: string;
  beforeAll(async () => {
    servers = await startServer();
    rulesDir = await rulesFolder({});
  });
  afterAll(() => servers.close());

  async function look(variables: Readonly<Record<string, string>>) {
    const own = { SIDECAR_LOG_DIR: mkdtempSync(join(tmpdir(), "doctor-")), SIDECAR_DISK_HIGH: "99" };
    const env = { ...own, ...variables };
    const settings = loadSettings({ env, flags: {}, configFile: undefined });
    const { facts, findings } = await examine({
      settings,
      rulesDir,
      env,
      wasRoot: false,
      hasEngine: false,
      examineNats,
    });
    return { facts, findings: findings.filter(({ id }) => id.startsWith("nats-")) };
  }

  it("is found to be absent, there, or where nobody answers", async () => {
    const admin = await connected(servers.settingsOf("admin"));
    onTestFinished(() => admin.connection.close());
    const consumer = servers.settingsOf("consumer");
    expect((await look(consumer)).findings).toMatchObject([
      { id: "nats-stream-absent", level: "error", remedy: "`log-sidecar nats init`" },
    ]);
    await initStream(admin, { prefix: "logs", maxBytes: 10e6, replicas: 1 });
    const { SIDECAR_NATS: urls = "", ...host } = servers.settingsOf("web-1");
    for (const variables of [consumer, { ...host, SIDECAR_FORWARD: urls }]) {
      const { facts, findings } = await look(variables);
      expect(findings).toEqual([]);
      expect(facts["stream"]).toMatch(/^logs, 0 B of 10\.0 MB, on one server, .*sync_interval/);
    }
    const { SIDECAR_NATS_DOMAIN: _, ...withoutDomain } = host;
    expect((await look({ ...withoutDomain, SIDECAR_FORWARD: urls })).findings).toMatchObject([
      { id: "nats-stream", why: "No line leaves this host.", remedy: expect.stringContaining("NATS_DOMAIN") },
    ]);
    expect((await look({ SIDECAR_NATS: "nats://127.0.0.1:1" })).findings).toMatchObject([
      { id: "nats-absent", level: "error", why: "No line of any host is stored." },
    ]);
  });

  it("is found to lose lines, or to be nearly full", async () => {
    const admin = await connected(servers.settingsOf("admin"));
    onTestFinished(() => admin.connection.close());
    const variables = { ...servers.settingsOf("admin"), SIDECAR_NATS_PREFIX: "worse" };
    const worse = { name: "worse", subjects: ["worse.*.*"], max_bytes: 1e5, max_age: 60e9 };
    await admin.manager.streams.add(worse);
    await admin.client.publish("worse.a.b", new Uint8Array(90_000));
    const { findings } = await look(variables);
    expect(findings.map(({ level, what }) => `${level}: ${what}`)).toEqual([
      "error: of the stream worse, allow_direct is false instead of true",
      "warning: of the stream worse, discard is old instead of new",
      "warning: of the stream worse, max_age is 60000000000 instead of 0",
      "warning: the stream worse holds 90.0 kB of 100.0 kB",
    ]);
    expect(findings.at(-1)?.remedy).toContain("--max-bytes 200.0kB");
  });
});
