/** Runs the demo apps (examples/demo): as containers where an engine answers, else as programs of this machine. */
import { spawn } from "node:child_process";
import Docker from "dockerode";
import { root, run, say } from "./prepare.mjs";
import { findCompose } from "./programs.mjs";

const project = "log-sidecar-demo";
const nodeImage = process.env.DEMO_NODE_IMAGE ?? "node:24-slim";
const pythonImage = process.env.DEMO_PYTHON_IMAGE ?? "python:3.12-slim";

/** What the sidecar is to be started with, and how its apps are started, waited for and stopped. */
export async function chooseDemo(pace) {
  const containers = await containersOrReason(pace);
  if (typeof containers !== "string") return containers;
  say(`the demo apps run as programs of this machine: ${containers}`);
  return programs(pace);
}

async function containersOrReason(pace) {
  const docker = new Docker({ timeout: 5_000 });
  const answers = await docker.ping().then(
    () => true,
    () => false,
  );
  if (!answers) return "no Docker Engine answers";
  const compose = findCompose();
  if (compose === undefined) return "neither `docker compose` nor docker-compose is installed";
  if (!(await haveImage(docker, nodeImage))) return `the image ${nodeImage} can't be had`;
  const env = { ...pace, DEMO_NODE_IMAGE: nodeImage, DEMO_PYTHON_IMAGE: pythonImage };
  if (!process.env.DEMO_PYTHON_COMMAND && !(await haveImage(docker, pythonImage))) {
    say(`the image ${pythonImage} can't be had: a Node program prints what the Python one would`);
    Object.assign(env, { DEMO_PYTHON_IMAGE: nodeImage, DEMO_PYTHON_COMMAND: "node /demo/legacy-worker.mjs" });
  }
  return containers(new Docker(), compose, env);
}

async function haveImage(docker, image) {
  const images = await docker.listImages({ filters: { reference: [image] } });
  if (images.length > 0) return true;
  say(`pulling ${image}`);
  const puller = new Docker();
  try {
    const progress = await puller.pull(image);
    await new Promise((resolve, reject) => {
      puller.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
    });
    return true;
  } catch (error) {
    say(`  ${error.message}`);
    return false;
  }
}

function containers(docker, [program, ...first], env) {
  const args = [...first, "-p", project, "-f", `${root}examples/demo/docker-compose.yml`];
  const list = () =>
    docker.listContainers({ all: true, filters: { label: [`com.docker.compose.project=${project}`] } });
  return {
    kind: "containers",
    // Only the containers that ask for it: what else runs on this host is none of the demo's business.
    sidecar: { args: ["run"], env: { SIDECAR_SCOPE: "labelled", SIDECAR_SINCE: "beginning" } },
    start: () => run(program, [...args, "up", "-d", "--force-recreate", "--remove-orphans"], env),
    async ended() {
      await Promise.all((await list()).map(({ Id }) => docker.getContainer(Id).wait()));
    },
    async stop() {
      await run(program, [...args, "down", "--timeout", "1"], env);
    },
  };
}

function programs(pace) {
  const command = [process.execPath, `${root}examples/demo/run-all.mjs`];
  const done = () => Promise.resolve();
  return {
    kind: "programs",
    // The sidecar runs the apps itself, and ends when they have ended.
    sidecar: { args: ["run", "--", ...command], env: pace },
    start: () => Promise.resolve(0),
    ended: done,
    stop: done,
  };
}

/** Starts the sidecar; what it says about itself goes into the file that is open as `logFd`. */
export function startSidecar({ args, env }, logDir, logFd) {
  return spawn(process.execPath, [`${root}dist/main.js`, ...args], {
    cwd: root,
    env: {
      ...process.env,
      ...env,
      SIDECAR_LOG_DIR: logDir,
      SIDECAR_RULES_DIR: `${root}rules`,
      // Soon enough to be seen while one is watching.
      SIDECAR_TRAINING_AGE: "3s",
    },
    stdio: ["ignore", logFd, logFd],
  });
}
