import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { SidecarError } from "../../../src/core/errors.js";
import { type Nats, openNats } from "../../../src/sources/nats/connection.js";
import { Servers } from "../../torture/hosts/servers.mjs";
import { type Held, RunningConsumer, RunningForwarder, settingsOf, type Variables } from "./ends.js";

/** Ends as soon as the thing has happened. */
export const WAIT = { timeout: 25_000, interval: 20 };

/** A folder for a server, its configuration and the files of its users. */
export const folderOf = () => mkdtempSync(join(tmpdir(), "nats-"));

/** A server of the tests' own, by default with the users of examples/nats/nats-server.conf. */
export async function startServer(config?: string): Promise<Servers> {
  const folder = folderOf();
  const file = join(folder, "server.conf");
  if (config !== undefined) writeFileSync(file, config);
  const servers = new Servers(folder, config === undefined ? undefined : file);
  await servers.start(1);
  return servers;
}

/** Runs until the test is over. */
export function forwarderOf(held: Held, variables: Variables, host = "web-1"): RunningForwarder {
  const forwarder = new RunningForwarder({ host, held, variables });
  onTestFinished(() => forwarder.stop());
  return forwarder;
}

/** Runs until the test is over. */
export function consumerOf(variables: Variables): RunningConsumer {
  const consumer = new RunningConsumer({ variables });
  onTestFinished(() => consumer.stop());
  return consumer;
}

/** A connection to a server that is about to start. */
export async function connected(variables: Variables, inboxPrefix?: string): Promise<Nats> {
  const settings = settingsOf(variables);
  for (const limit = Date.now() + WAIT.timeout; ; ) {
    try {
      return await openNats({ servers: settings.nats!, settings, name: "test", inboxPrefix });
    } catch (error) {
      if (Date.now() > limit || (error as SidecarError).code !== "NATS_ABSENT") throw error;
    }
    await sleep(20);
  }
}
