/** What a kill costs: an app prints a line each 100 ms, and of each line is known when it could be read in the file. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { newLines } from "../backlog.mjs";
import { quietContainer } from "../quiet.mjs";
import { startConsumer, startForwarder, startServers } from "./parts.mjs";

const KILLS = 5;
/** So many lines one after the other that are as soon as ever: then it is over. */
const SOON = 20;
const SOON_MS = 1_000;
const LIMIT_MS = 120_000;
const CUT_MS = 3_000;
const AWAY_MS = 10_000;

/** By what happened: the longest that a line had to wait, in ms, of each time. */
export async function recoveries(engine, folder) {
  rmSync(folder, { recursive: true, force: true });
  const container = await quietContainer(engine.docker);
  try {
    return [
      ...(await withServers(1, { engine, folder }, ({ forwarder, consumer, servers }) => ({
        nothing: () => sleep(1_000),
        "the forwarder is killed": () => forwarder.kill(),
        "the consumer is killed": () => consumer.kill(),
        "the only NATS server is killed": () => servers.kill(0, { awayMs: 0 }),
        [`the network is cut for ${CUT_MS / 1000} s`]: () => servers.pause(0, CUT_MS),
      }))),
      ...(await withServers(3, { engine, folder }, ({ servers }) => ({
        [`one of three NATS servers is away for ${AWAY_MS / 1000} s`]: (turn) =>
          servers.kill(turn % 3, { awayMs: AWAY_MS }),
      }))),
    ];
  } finally {
    await container.remove({ force: true });
  }
}

async function withServers(count, { engine, folder }, harms) {
  const servers = await startServers(join(folder, `nats-${count}`), count);
  const logDir = join(folder, `consumer-${count}`);
  const parts = [
    startForwarder(engine, servers, { folder, name: `web-${count}` }),
    startConsumer(servers, logDir),
  ];
  const [forwarder, consumer] = parts;
  try {
    const news = newLines(join(logDir, "tagged/permanent"));
    await untilSoon(news);
    const rows = [];
    for (const [what, harm] of Object.entries(harms({ forwarder, consumer, servers }))) {
      const longest = [];
      for (let turn = 0; turn < KILLS; turn += 1) {
        let isOver = false;
        const harmed = harm(turn).then(() => {
          isOver = true;
        });
        longest.push(await untilSoon(news, () => isOver));
        await harmed;
      }
      rows.push([what, longest]);
    }
    return rows;
  } finally {
    for (const part of parts) await part.stop();
    await servers.close();
  }
}

/** The longest wait of the lines that come until they come soon again, and what happens is over. */
async function untilSoon(news, isOver = () => true) {
  const limit = Date.now() + LIMIT_MS;
  let longest = 0;
  for (let soon = 0; soon < SOON || !isOver(); await sleep(10)) {
    const nowMs = Date.now();
    for (const line of news()) {
      const waitMs = nowMs - Date.parse(JSON.parse(line).ts);
      longest = Math.max(longest, waitMs);
      soon = isOver() && waitMs < SOON_MS ? soon + 1 : 0;
    }
    if (nowMs > limit) throw new Error("lines do not come again");
  }
  return longest;
}
