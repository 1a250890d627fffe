/** The parts of a measurement of many hosts: a NATS server or three, forwarders that all read one engine under names of their own, and a consumer. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { Servers } from "../../test/torture/hosts/servers.mjs";
import { SIDECAR, startSidecar } from "../programs.mjs";

const LIMIT_MS = 30_000;

/** Servers with the stream, which anybody may use. */
export async function startServers(folder, count) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "server.conf");
  writeFileSync(config, "jetstream {}\n");
  const servers = new Servers(folder, config);
  await servers.start(count);
  const [node, ...before] = SIDECAR;
  const args = [...before, "nats", "init", "--nats", servers.urls, "--max-bytes", "8GB"];
  for (const limit = Date.now() + LIMIT_MS; ; )
    try {
      execFileSync(node, [...args, "--replicas", String(count)], { stdio: "pipe" });
      return servers;
    } catch (error) {
      if (Date.now() > limit) throw error;
    }
}

/** What the stream holds. */
export async function streamState(servers) {
  const connection = await connect({ servers: servers.urls.split(",") });
  try {
    return (await (await jetstreamManager(connection)).streams.info("logs")).state;
  } finally {
    await connection.close();
  }
}

/** A sidecar that can be killed and started again. */
export class Part {
  #start;

  constructor(start) {
    this.#start = start;
    this.child = start();
    this.exited = once(this.child, "exit");
  }

  get pid() {
    return this.child.pid;
  }

  /** SIGKILL, and at once another one. */
  async kill() {
    this.child.kill("SIGKILL");
    await this.exited;
    this.child = this.#start();
    this.exited = once(this.child, "exit");
  }

  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGTERM");
    await this.exited;
  }
}

const QUIET = { SIDECAR_HTTP: "off" };

export function startForwarder(engine, servers, { folder, name }) {
  const env = { ...QUIET, SIDECAR_FORWARD: servers.urls, SIDECAR_HOST: name, SIDECAR_LOG_LEVEL: "error" };
  return new Part(() => startSidecar(engine.host, join(folder, name), { env }));
}

export function startConsumer(servers, logDir) {
  const env = { ...QUIET, SIDECAR_NATS: servers.urls, SIDECAR_LOG_LEVEL: "error" };
  return new Part(() => startSidecar("unix:///nowhere", logDir, { env, args: ["--source", "nats"] }));
}
