/**
 * The torture run of many hosts: two forwarders on one engine, as if they were two hosts, NATS servers, and a consumer are killed again
 * and again; at the end each line that the engine holds must be in the consumer's outputs once for each host, and once in those of the
 * forwarder that stores besides. See docs/DELIVERY.md.
 *
 *   npm run torture -- --hosts --kills 100 --servers 3 --seed 7
 *
 * Ends with 0, or with 1 at the first fault; then all folders are kept.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Printers } from "../containers.mjs";
import { launchEngine } from "../engine.mjs";
import { TortureError } from "../killer.mjs";
import { createRandom } from "../random.mjs";
import { briefly, countsTable } from "../report.mjs";
import { SETTINGS } from "../sidecar.mjs";
import { judge, linesRead, readHeld } from "./judge.mjs";
import { BOTH, HOSTS, Part } from "./parts.mjs";
import { Servers } from "./servers.mjs";

const { values } = parseArgs({
  options: {
    hosts: { type: "boolean" },
    kills: { type: "string", default: "100" },
    servers: { type: "string", default: "3" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    verbose: { type: "boolean", default: false },
  },
});

const program = fileURLToPath(new URL("../../../.cache/faulty-sidecar.js", import.meta.url));
/** So slow is no machine. */
const LIMIT_MS = 300_000;
/** The stream's window for duplicates: minutes by default. Cuts are longer than this, as they are longer than minutes elsewhere. */
const WINDOW_MS = 1_000;
const LONGEST_CUT_MS = 8_000;
const FINDINGS_SHOWN = 10;
const LOG_SHOWN = 3000;

const say = (text) => process.stdout.write(`${text}\n`);
const tell = (text) => values.verbose && say(`${Math.round(performance.now() / 1000)} s, ${text}`);
const random = createRandom(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), "torture-"));

/** The cluster needs a moment before it has a leader. */
async function initStream(servers) {
  const env = { ...process.env, ...servers.settingsOf("admin") };
  const args = [program, "nats", "init", "--max-bytes", "500MB", "--replicas", String(servers.count)];
  for (const limit = Date.now() + LIMIT_MS; ; await sleep(200)) {
    try {
      execFileSync(process.execPath, args, { env, stdio: "pipe" });
      await servers.forgetAfter(WINDOW_MS);
      return;
    } catch (error) {
      if (Date.now() > limit) throw error;
    }
  }
}

/** What can happen; each kill of a sidecar at a random moment or, every other time, at one of its fault points. */
async function harm(turn, { parts, servers }) {
  const part = parts[turn % parts.length];
  const what = turn % 4;
  if (what === 3 && servers.count === 3 && random.next() < 0.4) return trouble(turn, servers);
  if (what === 3) {
    const at = random.whole(0, servers.count - 1);
    const wiped = servers.count === 3 && random.next() < 0.3;
    const awayMs = random.whole(0, 1500);
    tell(
      `${turn}: SIGKILL of NATS server ${at + 1}${wiped ? ", its disk is wiped" : ""}, away for ${awayMs} ms`,
    );
    await servers.kill(at, { awayMs, wiped });
    // A cluster of three bears the loss of one: of the next when this one has all again.
    if (wiped) await sleep(5_000);
    return;
  }
  if (what === 1) {
    const fault = { point: random.pick(part.faults), hit: random.whole(1, 4) };
    tell(`${turn}: ${part.name} ends itself at ${fault.point}, time ${fault.hit}`);
    await part.failAt(fault, LIMIT_MS);
    return;
  }
  await sleep(random.whole(100, 1200));
  tell(`${turn}: SIGKILL of ${part.name}`);
  await part.kill();
}

/** What happens to servers that are not killed: they can't be reached for a while, one or all, or another one leads. */
async function trouble(turn, servers) {
  const at = random.whole(0, servers.count - 1);
  const awayMs = random.whole(2 * WINDOW_MS, LONGEST_CUT_MS);
  const kind = random.pick(["one", "all", "leader"]);
  if (kind === "leader" && servers.count === 3) {
    tell(`${turn}: another server leads`);
    await servers.moveLeader();
    return;
  }
  tell(
    `${turn}: ${kind === "one" ? `NATS server ${at + 1}` : "no NATS server"} can${kind === "one" ? "'t" : ""} be reached for ${awayMs} ms`,
  );
  const all = Array.from({ length: servers.count }, (_, server) => server);
  await Promise.all((kind === "one" ? [at] : all).map((server) => servers.pause(server, awayMs)));
}

async function until(what, done) {
  for (const limit = Date.now() + LIMIT_MS; !(await done()); await sleep(100))
    if (Date.now() > limit) throw new TortureError(`not within ${LIMIT_MS / 1000} s: ${what}`);
}

async function torture(engine, servers, parts) {
  const printers = new Printers(engine.docker, folder);
  await servers.start(Number(values.servers));
  await initStream(servers);
  await printers.start();
  for (const name of [...HOSTS, "consumer"]) parts.push(new Part({ name, engine, servers, folder }));
  const consumer = parts.at(-1);
  const kills = Number(values.kills);
  for (let turn = 0; turn < kills; turn++) await harm(turn, { parts, servers });
  tell("the containers say their last words");
  await printers.stop();
  const held = await readHeld(printers);
  const lines = held.reduce((sum, each) => sum + each.lines.length, 0);
  tell(`the engine holds ${lines} lines`);
  const both = parts.find(({ name }) => name === BOTH);
  for (const [part, host] of [...HOSTS.map((name) => [consumer, name]), [both, undefined]])
    await until(`${part.name} has all lines of ${host ?? "its own"}`, async () => {
      for (const each of parts) each.expectAlive();
      return (await linesRead(part, host)) >= lines;
    }).catch((error) =>
      say(
        `${error.message}\n${parts.map(({ name, life }) => `${name}:\n${life.log.slice(-LOG_SHOWN)}`).join("\n")}`,
      ),
    );
  for (const part of parts) await part.stop();
  tell("comparing");
  const wrong = [];
  for (const [part, hosts] of [[consumer, HOSTS], [both]]) {
    const judged = await judge({ held, logDir: part.logDir, hosts });
    wrong.push(...judged.wrong);
    for (const [host, comparison] of judged.comparisons) {
      const of = host || `stored beside ${part.name}`;
      say(`${of}\n${countsTable(comparison)}`);
      const findings = comparison.findings.slice(0, FINDINGS_SHOWN);
      wrong.push(...findings.map((finding) => `${of}: ${briefly(finding)}`));
    }
  }
  for (const host of HOSTS) wrong.push(...verified(host, { engine, logDir: consumer.logDir }));
  if (wrong.length > 0) throw new TortureError(wrong.join("\n"));
  say(`each line once for each of ${HOSTS.length} hosts, and once beside ${BOTH}, after ${kills} kills`);
}

/** What `verify` has to say against a host: nothing. */
function verified(host, { engine, logDir }) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "verify", "--host", host], {
    env: { ...process.env, ...SETTINGS, SIDECAR_LOG_DIR: logDir, DOCKER_HOST: engine.host },
    encoding: "utf8",
  });
  return status === 0 && stdout.includes(`${host}/`) ? [] : [`verify --host ${host}:\n${stdout}${stderr}`];
}

say(`seed ${values.seed}, ${values.kills} kills, ${values.servers} NATS servers`);
const servers = new Servers(folder);
/** @type {Part[]} */
const parts = [];
const engine = await launchEngine({ liveRestore: true });
try {
  await torture(engine, servers, parts);
  rmSync(folder, { recursive: true, force: true });
} catch (error) {
  process.exitCode = 1;
  say(error instanceof TortureError ? error.message : `${error.stack}`);
  say(`kept: ${folder}`);
} finally {
  for (const { life } of parts) if (life.running) await life.kill();
  await engine.close();
  await servers.close();
}
