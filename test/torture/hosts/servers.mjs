/** NATS servers of a run's own on loopback, one or a cluster, with the users of examples/nats/nats-server.conf unless told otherwise. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const example = fileURLToPath(new URL("../../../examples/nats/nats-server.conf", import.meta.url));

/** @typedef {"admin" | "web-1" | "web-2" | "consumer"} User */

export class Servers {
  #folder;
  #config;
  /** @type {{ name: string, port: number, route: number, child?: import("node:child_process").ChildProcess }[]} */
  #all = [];

  /**
   * @param {string} folder for what they store and log
   * @param {string} [config] a file
   */
  constructor(folder, config = example) {
    this.#folder = folder;
    this.#config = config;
  }

  /** @param {number} count 1, or 3 for a cluster */
  async start(count) {
    for (let n = 1; n <= count; n++)
      this.#all.push({ name: `n${n}`, port: await freePort(), route: await freePort() });
    for (let at = 0; at < count; at++) this.#launch(at);
  }

  get urls() {
    return this.#all.map(({ port }) => `nats://127.0.0.1:${port}`).join(",");
  }

  get count() {
    return this.#all.length;
  }

  pidOf(at) {
    return this.#all[at].child?.pid;
  }

  /** Settings of a sidecar that is this user. */
  settingsOf(/** @type {User} */ user) {
    const file = join(this.#folder, `${user}.txt`);
    writeFileSync(file, `${user}:change-me-${user}\n`);
    const asHost = user.startsWith("web-") ? { SIDECAR_NATS_DOMAIN: "logs" } : {};
    return { SIDECAR_NATS: this.urls, SIDECAR_NATS_USER_FILE: file, ...asHost };
  }

  /** SIGKILL, and after a while the same server again; `wiped`: its disk is empty then. */
  async kill(at, { awayMs, wiped = false }) {
    await this.#end(at);
    if (wiped) rmSync(join(this.#folder, this.#all[at].name), { recursive: true, force: true });
    await sleep(awayMs);
    this.#launch(at);
  }

  /** Nobody hears from it for so long, though it runs and its connections stand: a network that is cut. */
  async pause(at, awayMs) {
    const { child } = this.#all[at];
    child?.kill("SIGSTOP");
    await sleep(awayMs);
    child?.kill("SIGCONT");
  }

  /** Another server of the cluster becomes the leader of the stream. It need not be possible just now: there may be none. */
  async moveLeader() {
    await this.#asAdmin((nats) =>
      nats.request("$JS.API.STREAM.LEADER.STEPDOWN.logs", "", { timeout: 2_000 }).catch((error) => {
        if (!/timeout|no responders/i.test(String(error))) throw error;
      }),
    );
  }

  /** The stream no longer knows after so long what it was sent: whoever trusts that it does not take a message twice is wrong then. */
  async forgetAfter(windowMs) {
    const { jetstreamManager } = await import("@nats-io/jetstream");
    await this.#asAdmin(async (nats) => {
      const { streams } = await jetstreamManager(nats);
      await streams.update("logs", { duplicate_window: windowMs * 1e6 });
    });
  }

  async close() {
    for (const at of this.#all.keys()) await this.#end(at);
  }

  /** @param {(nats: import("@nats-io/transport-node").NatsConnection) => Promise<unknown>} work */
  async #asAdmin(work) {
    const { connect } = await import("@nats-io/transport-node");
    const { SIDECAR_NATS: servers } = this.settingsOf("admin");
    const nats = await connect({ servers: servers.split(","), user: "admin", pass: "change-me-admin" });
    try {
      await work(nats);
    } finally {
      await nats.close();
    }
  }

  async #end(at) {
    const { child } = this.#all[at];
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  #launch(at) {
    const server = this.#all[at];
    const folder = join(this.#folder, server.name);
    mkdirSync(folder, { recursive: true });
    const others = this.#all
      .filter((other) => other !== server)
      .map(({ route }) => `nats://127.0.0.1:${route}`);
    const cluster =
      others.length === 0
        ? []
        : [
            "--cluster_name",
            "hosts",
            "--cluster",
            `nats://127.0.0.1:${server.route}`,
            "--routes",
            others.join(","),
          ];
    const flags = [
      "-c",
      this.#config,
      "-n",
      server.name,
      "-a",
      "127.0.0.1",
      "-p",
      String(server.port),
      "-sd",
      folder,
    ];
    const log = openSync(join(this.#folder, `${server.name}.log`), "a");
    server.child = spawn("nats-server", [...flags, ...cluster], { stdio: ["ignore", log, log] });
  }
}

/** A port that nobody listens on now. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}
