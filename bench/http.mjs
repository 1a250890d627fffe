/** What HTTP costs: idle beside quiet containers while it is scraped, and collecting while somebody opens connections without an end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { IMAGE, openEngine } from "./engine.mjs";
import { linesFile } from "./lines.mjs";
import { compare, inTurns, table } from "./pairs.mjs";
import { SIDECAR, SIDECAR_ENV, usageOf } from "./programs.mjs";

export const title =
  "http: idle beside 50 quiet containers, scraped each 15 s; collecting while a thousand connections a second are opened";

const QUIET = 50;
const A_SECOND = 1_000;

export async function measure({ quick, scratch, say, findProgram }) {
  await measureIdle({ quick, scratch, say, findProgram });
  const count = quick ? 200_000 : 1_000_000;
  const file = await linesFile(scratch, count);
  const pairs = await inTurns(
    3,
    () => collect(file, scratch, A_SECOND),
    () => collect(file, scratch, 0),
  );
  const rows = [
    ["CPU s of the sidecar", "cpuS"],
    ["wall s, the machine shared with who opens them", "wallS"],
  ].map(([name, figure]) => {
    const { a, b, ratio } = compare(pairs, figure);
    return [name, a.toFixed(2), b.toFixed(2), ratio.toFixed(2)];
  });
  say(table([`${count} lines from a pipe`, `${A_SECOND} connections/s`, "none", "ratio"], rows));
}

async function measureIdle({ quick, scratch, say, findProgram }) {
  const engine = await openEngine({ scratch, say, findProgram });
  if (engine === undefined) return;
  const made = [];
  try {
    for (let at = 0; at < QUIET; at++) {
      const container = await engine.docker.createContainer({
        Image: IMAGE,
        Cmd: ["/bin/busybox", "sh", "-c", "echo here; /bin/busybox sleep 3600"],
        HostConfig: { NetworkMode: "none" },
        Labels: { "log-sidecar.enable": "true" },
      });
      made.push(container);
      await container.start();
    }
    const seconds = quick ? 30 : 60;
    const on = await idle(engine.host, join(scratch, "idle"), { http: "127.0.0.1:0", seconds });
    const off = await idle(engine.host, join(scratch, "idle"), { http: "off", seconds });
    say(
      `idle, ${QUIET} quiet containers, ${seconds} s: ${(on.share * 100).toFixed(2)} % of a core and ${on.peakMb.toFixed(0)} MB with HTTP, ` +
        `scraped each 15 s; ${(off.share * 100).toFixed(2)} % and ${off.peakMb.toFixed(0)} MB without`,
    );
  } finally {
    await Promise.all(made.map((container) => container.remove({ force: true })));
    await engine.close();
  }
}

/** CPU of a sidecar that has caught up, as a share of a core. */
async function idle(host, logDir, { http, seconds }) {
  rmSync(logDir, { recursive: true, force: true });
  const sidecar = start(["run"], {
    DOCKER_HOST: host,
    SIDECAR_SCOPE: "labelled",
    SIDECAR_LOG_DIR: logDir,
    SIDECAR_HTTP: http,
  });
  try {
    await sleep(10_000);
    const address = addressIn(logDir);
    const before = usageOf(sidecar.pid).cpuS;
    for (let passed = 0; passed < seconds; passed += 15) {
      if (address !== undefined) await (await fetch(`http://${address}/metrics`)).text();
      await sleep(15_000);
    }
    const { cpuS, peakMb } = usageOf(sidecar.pid);
    return { share: (cpuS - before) / seconds, peakMb };
  } finally {
    sidecar.kill("SIGTERM");
    await once(sidecar, "exit");
  }
}

/** Collects a file through a pipe while somebody opens connections and says nothing on them. */
async function collect(file, scratch, aSecond) {
  const logDir = join(scratch, "http");
  rmSync(logDir, { recursive: true, force: true });
  const sidecar = start(
    ["run", "--source", "stdin"],
    { SIDECAR_LOG_DIR: logDir, SIDECAR_HTTP: "127.0.0.1:0" },
    "pipe",
  );
  let address;
  for (; address === undefined; await sleep(50)) address = addressIn(logDir);
  const stop = crowd(Number(address.split(":").at(-1)), aSecond);
  const startMs = performance.now();
  spawn("cat", [file], { stdio: ["ignore", "pipe", "inherit"] }).stdout.pipe(sidecar.stdin);
  let cpuS = 0;
  const looking = setInterval(() => {
    cpuS = cpuOf(sidecar) ?? cpuS;
  }, 50);
  await once(sidecar, "exit");
  clearInterval(looking);
  const wallS = (performance.now() - startMs) / 1000;
  stop();
  return { wallS, cpuS };
}

/** Undefined when it has just ended. */
function cpuOf({ pid }) {
  try {
    return usageOf(pid).cpuS;
  } catch {
    return undefined;
  }
}

/** In a process of its own, so that it takes no time of this one. */
function crowd(port, aSecond) {
  if (aSecond === 0) return () => undefined;
  const child = spawn(process.execPath, [new URL(import.meta.url).pathname, String(port), String(aSecond)], {
    stdio: "inherit",
  });
  return () => child.kill("SIGKILL");
}

function start(args, env, stdin = "ignore") {
  const [program, ...first] = SIDECAR;
  return spawn(program, [...first, ...args], {
    env: { ...process.env, ...SIDECAR_ENV, SIDECAR_LOG_LEVEL: "warn", ...env },
    stdio: [stdin, "ignore", "inherit"],
  });
}

function addressIn(logDir) {
  const path = join(logDir, ".sidecar/status.json");
  if (!existsSync(path)) return undefined;
  const { http } = JSON.parse(readFileSync(path, "utf8"));
  return http && `${http.host}:${http.port}`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const [port, aSecond] = process.argv.slice(2).map(Number);
  for (;;) {
    for (let at = 0; at < aSecond / 10; at++)
      connect({ port, host: "127.0.0.1" }).on("error", () => undefined);
    await sleep(100);
  }
}
