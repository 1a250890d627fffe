/** A backlog from the engines to the files of the place where all hosts' lines are kept: how fast, and what each part takes for it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { engineCpu, newLines } from "../backlog.mjs";
import { expected } from "../lines.mjs";
import { usageOf } from "../programs.mjs";
import { startConsumer, startForwarder, startServers, streamState } from "./parts.mjs";

const LIMIT_MS = 600_000;

/**
 * All at work at once, or `apart`: the forwarders until the stream has all, then the consumer.
 * Seconds of CPU and of the clock; bytes and messages as they lay in the stream, of `apart` alone.
 */
export async function forward(engine, { folder, count, hosts, apart = false }) {
  rmSync(folder, { recursive: true, force: true });
  const servers = await startServers(join(folder, "nats"), 1);
  const names = Array.from({ length: hosts }, (_, n) => `web-${n + 1}`);
  const logDir = join(folder, "consumer");
  const parts = [];
  try {
    const engineBefore = engineCpu(engine.pid);
    const consumer = () => {
      const part = startConsumer(servers, logDir);
      parts.push(part);
      return part;
    };
    const startMs = performance.now();
    let reading = apart ? undefined : consumer();
    const forwarders = names.map((name) => startForwarder(engine, servers, { folder, name }));
    parts.push(...forwarders);
    const found = {};
    if (apart) {
      found.state = await untilStill(servers);
      found.forwardS = seconds(startMs) - STILL_S;
      reading = consumer();
    }
    const storeMs = performance.now();
    await untilStored(logDir, expected(count).tagged * hosts);
    return {
      ...found,
      wallS: seconds(apart ? storeMs : startMs),
      forwarderS: forwarders.reduce((sum, { pid }) => sum + usageOf(pid).cpuS, 0),
      forwarderMb: Math.max(...forwarders.map(({ pid }) => usageOf(pid).peakMb)),
      natsS: usageOf(servers.pidOf(0)).cpuS,
      natsMb: usageOf(servers.pidOf(0)).peakMb,
      consumerS: usageOf(reading.pid).cpuS,
      consumerMb: usageOf(reading.pid).peakMb,
      engineS: engineCpu(engine.pid) - engineBefore,
    };
  } finally {
    for (const part of parts) await part.stop();
    await servers.close();
  }
}

const seconds = (sinceMs) => (performance.now() - sinceMs) / 1000;

const STILL_S = 3;

/** Until nothing has come into the stream for some seconds. */
async function untilStill(servers) {
  let last = await streamState(servers);
  for (let since = performance.now(); last.messages === 0 || seconds(since) < STILL_S; await sleep(100)) {
    const state = await streamState(servers);
    if (state.last_seq !== last.last_seq) since = performance.now();
    last = state;
  }
  return last;
}

async function untilStored(logDir, wanted) {
  const news = newLines(join(logDir, "tagged/permanent"));
  const limit = performance.now() + LIMIT_MS;
  for (let lines = news().length; lines < wanted; lines += news().length) {
    if (performance.now() > limit) throw new Error(`only ${lines} of ${wanted} lines came`);
    await sleep(10);
  }
}
