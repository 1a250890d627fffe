/**
 * Keeps one private Docker Engine for the tests, and ends it whatever becomes of them.
 *
 * Started with the folder to work in and a JSON list of further flags for dockerd. Takes the commands `start` (or `start 26`:
 * another engine than TEST_ENGINE says, on the same data), `stop` (SIGTERM) and `kill` (SIGKILL), one a line, on standard input
 * and answers each with one line, `ok` or `failed: …`.
 * When standard input ends, because the tests are done or because they were killed, it removes all containers,
 * stops the engine, takes mounts away and deletes the folder. It runs in a process group of its own, so Ctrl-C doesn't reach it.
 */
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { engineCommand, OTHER_ENGINES, OtherRelease, PODMAN_SETTINGS } from "./release/engine-program.mjs";

const [root, flagsJson = "[]"] = process.argv.slice(2);
const socketPath = `${root}/docker.sock`;
const flags = JSON.parse(flagsJson);
const startLimitMs = 30_000;
const stopLimitMs = 20_000;
const release = new OtherRelease();
/** Which engine: see release/engine-program.mjs. */
let name = process.env.TEST_ENGINE;

/** @type {import("node:child_process").ChildProcess | undefined} */
let engine;

/** One request to the engine's API; resolves to the status and the body. */
function ask(method, path) {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method, path, timeout: 30_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text) => {
        body += text;
      });
      response.on("end", () => resolve({ status: response.statusCode, body }));
    });
    request.on("timeout", () => request.destroy(new Error(`${method} ${path} took too long`)));
    request.on("error", reject);
    request.end();
  });
}

/** Whether the engine answers: before it listens, each attempt fails, and that is expected. */
function answers() {
  return ask("GET", "/_ping").then(
    (answer) => answer.status === 200,
    () => false,
  );
}

async function start(wanted = name) {
  if (engine !== undefined) return;
  name = wanted;
  const configFile = `${root}/daemon.json`;
  fs.writeFileSync(configFile, "{}");
  const podmanFile = `${root}/containers.conf`;
  fs.writeFileSync(podmanFile, PODMAN_SETTINGS);
  const command = engineCommand(name, { root, configFile, flags });
  const prefix = OTHER_ENGINES.includes(name) ? await release.prefix() : [];
  // A network of its own means a namespace of its own, so that bridges and iptables of the host stay as they are.
  const network = process.env.ENGINE_OWN_NETWORK === "1" ? ["unshare", "--net"] : [];
  const [program, ...rest] = [...network, ...prefix, ...command];
  const log = fs.openSync(`${root}/engine.log`, "a");
  const env = { ...process.env, CONTAINERS_CONF: podmanFile };
  const child = spawn(program, rest, { stdio: ["ignore", log, log], detached: true, env });
  fs.closeSync(log);
  engine = child;
  let ended;
  child.once("error", (error) => {
    ended = error.message;
  });
  child.once("exit", (code, signal) => {
    ended ??= `the engine ended with ${signal ?? code}`;
    if (engine === child) engine = undefined;
  });
  const limit = Date.now() + startLimitMs;
  while (!(await answers())) {
    if (ended !== undefined) throw new Error(`${ended}: ${lastLogLines()}`);
    if (Date.now() > limit)
      throw new Error(`the engine doesn't answer after ${startLimitMs} ms: ${lastLogLines()}`);
    await sleep(50);
  }
}

function lastLogLines() {
  const lines = fs.readFileSync(`${root}/engine.log`, "utf8").trimEnd().split("\n");
  return lines.slice(-3).join(" | ");
}

async function end(signal) {
  const child = engine;
  if (child === undefined) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
  await exited;
  clearTimeout(late);
  engine = undefined;
  // The engine's own containerd ends with it. Where nobody reaps it, its number stays taken
  // and the next engine would wait for it in vain.
  await sleep(100);
  fs.rmSync(`${root}/exec/containerd/containerd.pid`, { force: true });
}

async function removeContainers() {
  const list = await ask("GET", "/containers/json?all=1");
  const ids = JSON.parse(list.body).map((container) => container.Id);
  await Promise.all(ids.map((id) => ask("DELETE", `/containers/${id}?force=1&v=1`)));
}

/** Mount points below the folder, the innermost first. */
function mounts() {
  const lines = fs.readFileSync("/proc/self/mounts", "utf8").split("\n");
  const points = lines
    .map((line) => line.split(" ")[1] ?? "")
    .filter((point) => point.startsWith(`${root}/`));
  return points.reverse();
}

async function cleanUp() {
  // Containers outlive an engine that was killed; only an engine can take them away.
  await start();
  await removeContainers();
  await end("SIGTERM");
}

async function finish() {
  await cleanUp().catch((error) => process.stderr.write(`private engine: ${error.message}\n`));
  await end("SIGKILL");
  release.leave();
  for (const point of mounts()) spawnSync("umount", ["--lazy", point], { stdio: "ignore" });
  fs.rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

async function finishAndExit() {
  await finish();
  process.exit(0);
}

const commands = {
  start,
  stop: () => end("SIGTERM"),
  kill: () => end("SIGKILL"),
};

// A reader that is gone must not end this process before it has cleaned up.
process.stdout.on("error", () => process.stdout.destroy());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, finishAndExit);

for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...rest] = line.split(" ");
  const answer = await commands[command](...rest).then(
    () => "ok",
    (error) => `failed: ${error.message}`,
  );
  process.stdout.write(`${answer}\n`);
}
await finishAndExit();
