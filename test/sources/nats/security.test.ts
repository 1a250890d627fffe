import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type NatsConnection, nkeys } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { initStream } from "../../../src/sources/nats/stream.js";
import { requirement } from "../../requirements.js";
import type { Servers, User } from "../../torture/hosts/servers.mjs";
import { Held, type Variables } from "./ends.js";
import { connected, consumerOf, folderOf, forwarderOf, startServer, WAIT } from "./server.js";

describe.skipIf(requirement("nats-server").missing)("the users of examples/nats/nats-server.conf", () => {
  let servers: Servers;
  let closed: (() => Promise<void>)[] = [];
  const as = async (user: User, inboxPrefix?: string): Promise<NatsConnection> => {
    const { connection } = await connected(servers.settingsOf(user), inboxPrefix);
    closed = [...closed, () => connection.close()];
    return connection;
  };
  beforeAll(async () => {
    servers = await startServer();
    const admin = await connected(servers.settingsOf("admin"));
    closed = [() => admin.connection.close()];
    await initStream(admin, { prefix: "logs", maxBytes: 50e6, replicas: 1 });
  });
  afterAll(async () => {
    for (const close of closed) await close();
    await servers.close();
  });

  it("are enough for a host's lines to be stored, and for what is stored to leave the stream", async () => {
    const held = new Held();
    held.print("own", "one", "two");
    forwarderOf(held, servers.settingsOf("web-1"));
    const consumer = consumerOf(servers.settingsOf("consumer"));
    await expect.poll(() => consumer.stored.texts(), WAIT).toEqual(["one", "two"]);
    held.print("own", "three");
    await expect.poll(() => consumer.count("nats_messages_purged_total"), WAIT).toBeGreaterThan(0);
  });

  it("keep a host from writing, reading and deleting what is not its own, by way of answers as well", async () => {
    const admin = await as("admin");
    const host = await as("web-1");
    const ask = (subject: string, text = "") => host.request(subject, text, { timeout: 5_000 });
    await ask("logs.web-1.mine", "{}");
    await admin.request("logs.web-2.theirs", "a line of web-2", { timeout: 5_000 });
    const heard: { subject: string; text: string }[] = [];
    host.subscribe(">", {
      callback: (_, message) => void heard.push({ subject: message.subject, text: message.string() }),
    });
    const forbidden = [
      "logs.web-2.theirs",
      "$JS.API.DIRECT.GET.logs.logs.web-2.theirs",
      "$JS.API.STREAM.MSG.GET.logs",
      "$JS.API.CONSUMER.CREATE.logs",
      "$JS.API.STREAM.DELETE.logs",
      "$JS.API.STREAM.PURGE.logs",
    ];
    for (const subject of forbidden) host.publish(subject, "{}", { reply: `answers.${subject}` });
    for (const reply of ["logs.web-2.theirs", "$JS.API.STREAM.DELETE.logs", "$JS.API.STREAM.PURGE.logs"])
      host.publish("$JS.API.DIRECT.GET.logs.logs.web-1.mine", "", { reply });
    await admin.request("logs.web-2.theirs", "another", { timeout: 5_000 });
    // What a host asks is done in turn: its own message comes behind all of that.
    await ask("logs.web-1.mine", "last");
    expect(await subjectsOf(admin)).toMatchObject({ "logs.web-2.theirs": 2, "logs.web-1.mine": 2 });
    // What it hears is what it has sent to its own account, and that JetStream is not for that.
    expect(heard.some(({ subject }) => subject === "logs.web-2.theirs")).toBe(true);
    for (const { subject, text } of heard.filter(({ subject }) => subject.startsWith("answers.")))
      expect([subject, text]).toEqual([subject, expect.stringContaining('"error"')]);
  });

  it("keep the consumer from publishing a line", async () => {
    const consumer = await as("consumer", "_INBOX.log-sidecar-consumer");
    await expect(consumer.request("logs.web-1.mine", "a line", { timeout: 5_000 })).rejects.toThrow(
      /permission/i,
    );
  });
});

async function subjectsOf(admin: NatsConnection) {
  const { data } = await admin.request("$JS.API.STREAM.INFO.logs", '{"subjects_filter":">"}', {
    timeout: 5_000,
  });
  return JSON.parse(Buffer.from(data).toString()).state.subjects;
}

describe.skipIf(requirement("nats-server").missing)("who one is, and whom one talks to", () => {
  /** One line from a forwarder to a consumer that are both set up like this. */
  async function passesLine(server: Servers, variables: Variables): Promise<void> {
    const all = { SIDECAR_NATS: server.urls, ...variables };
    const { connection, ...rest } = await connected(all);
    onTestFinished(() => connection.close());
    await initStream({ connection, ...rest }, { prefix: "logs", maxBytes: 10e6, replicas: 1 });
    const held = new Held();
    held.print("own", "one");
    forwarderOf(held, all);
    const consumer = consumerOf(all);
    await expect.poll(() => consumer.stored.texts(), WAIT).toEqual(["one"]);
  }

  /** What a consumer that is set up like this says. */
  async function refuses(server: Servers, variables: Variables, code: string): Promise<string> {
    const consumer = consumerOf({ SIDECAR_NATS: server.urls, ...variables });
    await expect.poll(() => consumer.count("nats_failures_total", code), WAIT).toBeGreaterThan(0);
    return consumer.text;
  }

  it("is shown by certificates: another authority's server and a client without one are refused", async () => {
    const { folder, ca, otherCa, server, client } = makeCertificates();
    const tls = `cert_file: "${server}.pem", key_file: "${server}.key", ca_file: "${ca}.pem", verify: true`;
    const secure = await startServer(`jetstream {}\ntls { ${tls} }\n`);
    onTestFinished(() => secure.close());
    // It takes a while until a client is told: the rest is done meanwhile.
    const bare = refuses(secure, { SIDECAR_NATS_CA_FILE: `${ca}.pem` }, "NATS_TLS");
    const own = { SIDECAR_NATS_CERT_FILE: `${client}.pem`, SIDECAR_NATS_KEY_FILE: `${client}.key` };
    await passesLine(secure, { SIDECAR_NATS_CA_FILE: `${ca}.pem`, ...own });
    const wrong = await refuses(secure, { SIDECAR_NATS_CA_FILE: `${otherCa}.pem`, ...own }, "NATS_TLS");
    expect(wrong).toContain("SIDECAR_NATS_CA_FILE");
    expect(await bare).toContain("it may want a certificate of this host");
    const missing = join(folder, "missing.pem");
    await expect(
      connected({ SIDECAR_NATS: secure.urls, SIDECAR_NATS_CA_FILE: missing }),
    ).rejects.toMatchObject({ code: "SETTINGS_INVALID" });
  });

  it("is shown by the seed of an NKey", async () => {
    const [known, other] = [nkeys.createUser(), nkeys.createUser()];
    const server = await startServer(
      `jetstream {}\nauthorization { users: [{ nkey: ${known.getPublicKey()} }] }\n`,
    );
    onTestFinished(() => server.close());
    const fileOf = (seed: Uint8Array) => written("user.nk", `${Buffer.from(seed).toString()}\n`);
    await passesLine(server, { SIDECAR_NATS_NKEY_FILE: fileOf(known.getSeed()) });
    const refused = await refuses(
      server,
      { SIDECAR_NATS_NKEY_FILE: fileOf(other.getSeed()) },
      "NATS_FORBIDDEN",
    );
    expect(refused).toContain("Correct the credentials");
    const noSeed = { SIDECAR_NATS: server.urls, SIDECAR_NATS_NKEY_FILE: written("user.nk", "SUNOSEED\n") };
    await expect(connected(noSeed)).rejects.toMatchObject({ code: "SETTINGS_INVALID" });
  });

  it("is shown by a credentials file, where an operator signs for accounts and these for users", async () => {
    const [operator, system, account, user] = [
      nkeys.createOperator(),
      nkeys.createAccount(),
      nkeys.createAccount(),
      nkeys.createUser(),
    ];
    const limits = { subs: -1, data: -1, payload: -1, conn: -1, leaf: -1, imports: -1, exports: -1 };
    const forJetStream = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1, wildcards: true };
    const accounts = [
      `${system.getPublicKey()}: ${signed(operator, system.getPublicKey(), { type: "account", limits })}`,
      `${account.getPublicKey()}: ${signed(operator, account.getPublicKey(), { type: "account", limits: { ...limits, ...forJetStream } })}`,
    ];
    const server = await startServer(
      `jetstream {}\noperator: ${signed(operator, operator.getPublicKey(), { type: "operator" })}\n` +
        `system_account: ${system.getPublicKey()}\nresolver: MEMORY\nresolver_preload: { ${accounts.join(", ")} }\n`,
    );
    onTestFinished(() => server.close());
    const credsOf = (jwt: string) =>
      written(
        "user.creds",
        `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n\n` +
          `-----BEGIN USER NKEY SEED-----\n${Buffer.from(user.getSeed()).toString()}\n------END USER NKEY SEED------\n`,
      );
    const claims = { type: "user", subs: -1, data: -1, payload: -1 };
    await passesLine(server, {
      SIDECAR_NATS_CREDS_FILE: credsOf(signed(account, user.getPublicKey(), claims)),
    });
    const stranger = signed(nkeys.createAccount(), user.getPublicKey(), claims);
    await refuses(server, { SIDECAR_NATS_CREDS_FILE: credsOf(stranger) }, "NATS_FORBIDDEN");
    const noCreds = {
      SIDECAR_NATS: server.urls,
      SIDECAR_NATS_CREDS_FILE: written("user.creds", "nothing\n"),
    };
    await expect(connected(noCreds)).rejects.toMatchObject({ code: "SETTINGS_INVALID" });
  });
});

function written(name: string, text: string): string {
  const file = join(folderOf(), name);
  writeFileSync(file, text);
  return file;
}

/** A JSON Web Token as NATS has them (nats-io/jwt, version 2). */
function signed(
  signer: ReturnType<typeof nkeys.createUser>,
  subject: string,
  claims: Readonly<Record<string, unknown>>,
): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const issuer = { jti: subject, iat: 1_700_000_000, iss: signer.getPublicKey(), name: "test", sub: subject };
  const text = `${part({ typ: "JWT", alg: "ed25519-nkey" })}.${part({ ...issuer, nats: { version: 2, ...claims } })}`;
  return `${text}.${Buffer.from(signer.sign(Buffer.from(text))).toString("base64url")}`;
}

/** Names without `.pem` and `.key`: two authorities, and what the first has signed for a server on loopback and for a client. */
function makeCertificates() {
  const folder = folderOf();
  const at = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  const elliptic = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const made = (name: string, ...how: readonly string[]) =>
    openssl("req", "-x509", ...elliptic, "-keyout", `${at(name)}.key`, "-out", `${at(name)}.pem`, ...how);
  for (const name of ["ca", "other-ca"]) made(name, "-subj", `/CN=${name}`, "-days", "2");
  for (const name of ["server", "client"]) {
    const by = ["-CA", `${at("ca")}.pem`, "-CAkey", `${at("ca")}.key`, "-days", "2"];
    made(name, "-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1", ...by);
  }
  return {
    folder,
    ca: at("ca"),
    otherCa: at("other-ca"),
    server: at("server"),
    client: at("client"),
  };
}
