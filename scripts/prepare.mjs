/** Gets a fresh clone ready: npm packages, the built program and, for tests and benchmarks, Debian packages. Says what it does. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { setPriority } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { findCompose, findProgram, findPython } from "./programs.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs a program in the project's folder without standard input; resolves to its exit status. */
export function run(program, args, env = {}) {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return exitStatus(child, program);
}

function exitStatus(child, program) {
  const forward = (signal) => child.kill(signal);
  process.on("SIGTERM", forward);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`${program} can't be started: ${error.message}`)));
    child.once("close", (code) => {
      process.off("SIGTERM", forward);
      resolve(code ?? 1);
    });
  });
}

/** `npm ci`, when the packages are missing or older than the list of their versions. */
export async function installPackages() {
  const installed = modifiedMs("node_modules/.package-lock.json");
  if (installed >= modifiedMs("package-lock.json")) return;
  say("installing npm packages (npm ci)");
  // No install scripts: nothing here needs compiling (14 s instead of 25 s).
  const status = await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"]);
  if (status !== 0) throw new Error("npm ci failed: see above; it needs the package registry");
}

/** The same for programs that run side by side: each line that one prints begins with its label. */
export async function runLabelled(label, program, args, { env = {}, niceness = 0 } = {}) {
  say(`${label} │ begins`);
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (niceness > 0) setPriority(child.pid, niceness);
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => line.trim() !== "" && say(`${label} │ ${line}`));
  return exitStatus(child, program);
}

/** `--tests`: with the programs that only tests start. */
export async function build(...flags) {
  const status = await run(process.execPath, [`${root}scripts/build.mjs`, ...flags]);
  if (status !== 0) throw new Error("the program can't be built: see above");
}

/** The path of a command that an npm package brought. */
export function bin(name) {
  return `${root}node_modules/.bin/${name}`;
}

function modifiedMs(path) {
  return statSync(root + path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}

/** Debian packages that tests need, each with what tells that it isn't needed. */
const systemPackages = [
  { names: ["docker.io"], there: () => findProgram("dockerd") !== undefined },
  { names: ["podman"], there: () => findProgram("podman") !== undefined },
  { names: ["docker-compose"], there: () => findCompose() !== undefined },
  { names: ["python3-numpy", "python3-pandas"], there: () => findPython() !== undefined },
  { names: ["busybox-static"], there: () => findProgram("busybox") !== undefined },
  { names: ["prometheus"], there: () => findProgram("prometheus") !== undefined },
  { names: ["chromium"], there: () => findProgram("chromium") !== undefined },
  { names: ["jq"], there: () => findProgram("jq") !== undefined },
  { names: ["nats-server"], there: () => findProgram("nats-server") !== undefined },
  { names: ["iproute2"], there: () => findProgram("ip") !== undefined },
];

/** Installs what is missing where that is possible: as root, on Debian and its relatives. Tests say themselves what they lack. */
export async function installSystemPackages(wanted = systemPackages, purpose = "the tests") {
  const names = wanted.filter((entry) => !entry.there()).flatMap((entry) => entry.names);
  if (names.length === 0) return;
  if (process.getuid?.() !== 0 || !isDebian()) {
    say(`not installed, as this is not root on Debian: ${names.join(" ")}`);
    return;
  }
  say(`installing Debian packages for ${purpose}: ${names.join(" ")}`);
  // RUNLEVEL=1: the services that come with them are not to be started.
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  await run("apt-get", ["update", "-qq"], env);
  const options = ["install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"];
  const status = await run("apt-get", [...options, ...names], env);
  if (status !== 0) say("apt-get failed: what needs these packages is left out");
}

function isDebian() {
  const file = "/etc/os-release";
  return existsSync(file) && /^ID(_LIKE)?=.*debian/m.test(readFileSync(file, "utf8"));
}

/** Ends with a plain sentence where Node is too old for the program. */
export function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= 20) return;
  say(`Node ${process.versions.node} is too old: 20 or newer is needed`);
  process.exit(1);
}
