/** A Docker Engine to measure with: the one that TEST_ENGINE names (see test/engine/release/), the one that DOCKER_HOST names, else a private one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import Docker from "dockerode";

export const IMAGE = "sidecar-bench/busybox:1";

/** @returns the API, the socket's path, the engine's pid where it is known, and its folder of containers, and what ends it again; undefined without an engine */
export async function openEngine({ scratch, say, findProgram }) {
  const host = process.env.DOCKER_HOST;
  if (host?.startsWith("unix://") && process.env.TEST_ENGINE === undefined) {
    const docker = new Docker();
    await docker.ping();
    await ensureImage(docker, scratch, findProgram);
    return {
      docker,
      host,
      socketPath: host.slice("unix://".length),
      containersFolder: await containersFolder(docker),
      pid: undefined,
      close: () => Promise.resolve(),
    };
  }
  if (process.getuid?.() !== 0 || findProgram("dockerd") === undefined) {
    say("neither DOCKER_HOST=unix://… nor dockerd as root: left out");
    return undefined;
  }
  return launch(scratch, findProgram);
}

async function launch(scratch, findProgram) {
  // Short, as the paths of sockets must be; the guardian is the one of the tests and cleans up by itself.
  const folder = mkdtempSync("/tmp/lsb-");
  const program = new URL("../test/engine/guardian.mjs", import.meta.url).pathname;
  const guardian = spawn(process.execPath, [program, folder, "[]"], {
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ENGINE_OWN_NETWORK: "1" },
  });
  const answers = createInterface({ input: guardian.stdout })[Symbol.asyncIterator]();
  guardian.stdin.write("start\n");
  const { value } = await answers.next();
  const close = async () => {
    const exited = once(guardian, "exit");
    guardian.stdin.end();
    await exited;
  };
  if (value !== "ok") {
    await close();
    throw new Error(`private engine: ${value}`);
  }
  const socketPath = `${folder}/docker.sock`;
  const docker = new Docker({ socketPath });
  await ensureImage(docker, scratch, findProgram);
  const pidFile = `${folder}/pid`;
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : undefined;
  return {
    docker,
    host: `unix://${socketPath}`,
    socketPath,
    containersFolder: await containersFolder(docker),
    pid,
    close,
  };
}

async function containersFolder(docker) {
  return `${(await docker.info()).DockerRootDir}/containers`;
}

async function ensureImage(docker, scratch, findProgram) {
  if ((await docker.listImages({ filters: { reference: [IMAGE] } })).length > 0) return;
  const busybox = findProgram("busybox");
  if (busybox === undefined) throw new Error("busybox is not installed: the image is made of it");
  mkdirSync(`${scratch}/image/bin`, { recursive: true });
  cpSync(busybox, `${scratch}/image/bin/busybox`);
  const tar = spawn("tar", ["-C", `${scratch}/image`, "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
  const [repo, tag] = IMAGE.split(":");
  const progress = await docker.importImage(tar.stdout, { repo, tag });
  await new Promise((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
  });
}

/** A container that has printed the file and ended: its log is the backlog. */
export async function printed(docker, file) {
  const container = await docker.createContainer({
    Image: IMAGE,
    Cmd: ["/bin/busybox", "cat", "/lines"],
    Labels: { "log-sidecar.enable": "true", "log-sidecar.bench": "1" },
    HostConfig: {
      Binds: [`${file}:/lines:ro`],
      NetworkMode: "none",
      LogConfig: { Type: "json-file", Config: {} },
    },
  });
  await container.start();
  await container.wait();
  return container;
}
