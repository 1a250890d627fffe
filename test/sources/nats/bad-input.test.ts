import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { headers as natsHeaders } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Nats } from "../../../src/sources/nats/connection.js";
import { initStream } from "../../../src/sources/nats/stream.js";
import { requirement } from "../../requirements.js";
import type { Servers } from "../../torture/hosts/servers.mjs";
import { Held, RunningForwarder, type Variables } from "./ends.js";
import { connected, consumerOf, folderOf, forwarderOf, startServer, WAIT } from "./server.js";

function heldLines(lines: Readonly<Record<string, readonly string[]>>): Held {
  const held = new Held();
  for (const [id, texts] of Object.entries(lines)) held.print(id, ...texts);
  return held;
}

describe.skipIf(requirement("nats-server").missing)("between two hosts", () => {
  let servers: Servers;
  let admin: Nats;
  beforeAll(async () => {
    servers = await startServer();
    admin = await connected(servers.settingsOf("admin"));
  });
  afterAll(async () => {
    await admin.connection.close();
    await servers.close();
  });

  /** A stream for one test, and the settings of who may do everything with it. */
  async function streamFor(prefix: string, maxBytes = 50e6): Promise<Variables> {
    await initStream(admin, { prefix, maxBytes, replicas: 1 });
    return { ...servers.settingsOf("admin"), SIDECAR_NATS_PREFIX: prefix };
  }

  it("a server without JetStream is named and tried again, as is a stream that nobody has made", async () => {
    const plain = await startServer("max_payload: 1MB\n");
    onTestFinished(() => plain.close());
    const variables = { SIDECAR_NATS: plain.urls };
    for (const end of [forwarderOf(new Held(), variables), consumerOf(variables)]) {
      await expect.poll(() => end.count("nats_failures_total", "NATS_STREAM"), WAIT).toBeGreaterThan(1);
      expect(end.text).toContain("`log-sidecar nats init`; the server must run with JetStream");
    }
    const bare = await connected(variables);
    onTestFinished(() => bare.connection.close());
    await expect(initStream(bare, { prefix: "logs", maxBytes: 1e6, replicas: 1 })).rejects.toMatchObject({
      code: "NATS_STREAM",
    });
    const later = { ...servers.settingsOf("admin"), SIDECAR_NATS_PREFIX: "later" };
    const forwarder = forwarderOf(heldLines({ a: ["one"] }), later);
    const consumer = consumerOf(later);
    await expect.poll(() => forwarder.count("nats_failures_total", "NATS_STREAM"), WAIT).toBeGreaterThan(0);
    await streamFor("later");
    await expect.poll(() => consumer.stored.texts(), WAIT).toEqual(["one"]);
  });

  it("a server that takes small messages alone is named, with what to set", async () => {
    const small = await startServer("max_payload: 8KB\njetstream {}\n");
    onTestFinished(() => small.close());
    const variables = { SIDECAR_NATS: small.urls };
    const forwarder = forwarderOf(heldLines({ a: ["x".repeat(20_000)] }), variables);
    await expect.poll(() => forwarder.count("nats_failures_total", "NATS_STREAM"), WAIT).toBeGreaterThan(1);
    expect(forwarder.text).toContain("messages of 8192 bytes at most [NATS_STREAM] Set its max_payload");
  });

  it("a full stream is named, and goes on where it was when the consumer has made room", async () => {
    const variables = await streamFor("full", 1e6);
    const texts = Array.from({ length: 30 }, (_, n) => `${n} ${randomBytes(50_000).toString("hex")}`);
    const forwarder = forwarderOf(heldLines({ a: texts }), variables);
    await expect.poll(() => forwarder.count("nats_failures_total", "NATS_FULL"), WAIT).toBeGreaterThan(0);
    expect(forwarder.text).toContain("Start the consumer");
    const [before] = forwarder.status.containers;
    expect(forwarder.status.trouble).toContain("NATS");
    expect(before).toMatchObject({ id: "a", name: "name-of-a" });
    expect(before!.waiting).toBeGreaterThan(0);
    const consumer = consumerOf(variables);
    await expect.poll(() => consumer.stored.texts().length, WAIT).toBe(texts.length);
    const numbers = consumer.stored.texts().map((text) => Number(text.split(" ")[0]));
    expect(numbers).toEqual(texts.map((_, n) => n));
    expect(consumer.stored.texts().every((text, n) => text === texts[n])).toBe(true);
    expect(consumer.stored.gaps).toEqual([]);
    expect(consumer.count("nats_messages_purged_total")).toBeGreaterThan(0);
    await expect
      .poll(() => forwarder.status.containers[0], WAIT)
      .toMatchObject({ published: 30, waiting: 0 });
    expect(forwarder.status.trouble).toBeUndefined();
    expect(forwarder.status.containers[0]!.sequence).toBeGreaterThan(before!.sequence!);
  });

  it("a wrong password is named; the right one is taken from its file without a start", async () => {
    const prefix = await streamFor("password");
    const file = join(folderOf(), "user.txt");
    writeFileSync(file, "admin:wrong\n");
    const variables = { ...prefix, SIDECAR_NATS_USER_FILE: file };
    const forwarder = forwarderOf(heldLines({ a: ["one"] }), variables);
    const consumer = consumerOf(variables);
    for (const end of [forwarder, consumer]) {
      await expect.poll(() => end.count("nats_failures_total", "NATS_FORBIDDEN"), WAIT).toBeGreaterThan(0);
      expect(end.text).toContain("Correct the credentials, or the permissions");
    }
    writeFileSync(file, "admin:change-me-admin\n");
    await expect.poll(() => consumer.stored.texts(), WAIT).toEqual(["one"]);
  });

  it("messages of somebody else on a container's subject are counted, and nothing is lost or comes twice", async () => {
    const variables = await streamFor("foreign");
    const held = heldLines({ a: ["a1", "a2"], b: ["b1"] });
    const first = new RunningForwarder({ host: "web-1", held, variables });
    await expect.poll(() => first.count("forwarded_lines_total"), WAIT).toBe(3);
    // While it runs: what it sent is there, and it goes on behind the stranger's message.
    await publish("foreign.web-1.a", "hello");
    held.print("a", "a3");
    held.print("b", "b2");
    await expect.poll(() => first.count("forwarded_lines_total"), WAIT).toBe(5);
    expect(first.count("nats_diverged_total")).toBe(0);
    expect(first.count("nats_messages_refused_total", "NATS_MESSAGE")).toBeGreaterThan(0);
    expect(first.text).toContain("let only forwarders publish there");
    await first.stop();
    // While it does not: nobody knows how far it came, so all is read again.
    await publish("foreign.web-1.a", "hello again");
    await publish("foreign.web-1.stranger", "nor is this a container");
    held.print("a", "a4");
    held.print("b", "b3");
    const second = forwarderOf(held, variables);
    await expect.poll(() => second.count("forwarded_lines_total"), WAIT).toBe(5);
    const consumer = consumerOf(variables);
    await expect.poll(() => consumer.stored.texts().length, WAIT).toBeGreaterThanOrEqual(7);
    expect(consumer.stored.texts("name-of-a")).toEqual(["a1", "a2", "a3", "a4"]);
    expect(consumer.stored.texts("name-of-b")).toEqual(["b1", "b2", "b3"]);
    expect(consumer.stored.gaps).toEqual([]);
    expect(consumer.count("nats_messages_refused_total", "NATS_MESSAGE")).toBeGreaterThanOrEqual(3);
    expect(consumer.text).toContain("foreign.web-1.stranger");
  });

  it("messages of a newer format wait in the stream, with what follows of their container alone", async () => {
    const variables = await streamFor("newer");
    await publish("newer.web-1.a", "of tomorrow", { "Log-Sidecar-Format": "9" });
    const held = heldLines({ a: ["a1"], b: ["b1"] });
    const forwarder = forwarderOf(held, variables);
    await expect.poll(() => forwarder.count("forwarded_lines_total"), WAIT).toBe(2);
    const consumer = consumerOf(variables);
    await expect.poll(() => consumer.stored.texts("name-of-b"), WAIT).toEqual(["b1"]);
    held.print("b", "b2", "b3");
    await expect.poll(() => consumer.stored.texts("name-of-b").length, WAIT).toBe(3);
    await expect.poll(() => consumer.count("nats_messages_purged_total"), WAIT).toBeGreaterThan(0);
    expect(consumer.stored.texts("name-of-a")).toEqual([]);
    expect(consumer.count("nats_messages_refused_total", "NATS_NEWER")).toBeGreaterThan(0);
    expect(consumer.text).toContain("has format 9");
    const { state } = await admin.manager.streams.info("newer", { subjects_filter: ">" });
    expect(state.subjects?.["newer.web-1.a"]).toBe(2);
  });

  it("a copy that a server was asked to send to another host's subject is nobody's line, and misleads no forwarder", async () => {
    const variables = await streamFor("copied");
    const held = heldLines({ a: ["false"] });
    const liar = forwarderOf(held, variables, "web-1");
    await expect.poll(() => liar.count("forwarded_lines_total"), WAIT).toBe(1);
    admin.connection.publish("$JS.API.DIRECT.GET.copied.copied.web-1.a", "", { reply: "copied.web-2.a" });
    const stored = async () =>
      (await admin.manager.streams.info("copied", { subjects_filter: ">" })).state.subjects;
    await expect.poll(stored, WAIT).toMatchObject({ "copied.web-2.a": 1 });
    const honest = forwarderOf(heldLines({ a: ["true", "and whole"] }), variables, "web-2");
    const consumer = consumerOf(variables);
    await expect.poll(() => consumer.stored.texts().length, WAIT).toBeGreaterThanOrEqual(3);
    const from = (host: string) =>
      consumer.stored.batches
        .filter(({ container }) => container.host === host)
        .flatMap(({ lines }) => lines.map(({ text }) => text));
    expect([from("web-1"), from("web-2")]).toEqual([["false"], ["true", "and whole"]]);
    for (const end of [honest, consumer])
      expect(end.count("nats_messages_refused_total", "NATS_MESSAGE")).toBeGreaterThan(0);
  });

  async function publish(subject: string, text: string, head: Readonly<Record<string, string>> = {}) {
    const headers = natsHeaders();
    for (const [name, value] of Object.entries(head)) headers.set(name, value);
    await admin.connection.request(subject, text, { headers, timeout: 5_000 });
  }
});
