/** A Docker Engine of the run's own, which may be killed, and a small image in it. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import Docker from "dockerode";
import { findProgram } from "../../scripts/programs.mjs";

export const IMAGE = "torture:1";

/** test/engine/guardian.mjs keeps the engine, and takes it away with all its containers when this process ends. */
const guardianProgram = fileURLToPath(new URL("../engine/guardian.mjs", import.meta.url));

/**
 * @typedef {object} TortureEngine
 * @property {Docker} docker
 * @property {string} host for DOCKER_HOST
 * @property {string} containersFolder where it keeps its containers' files
 * @property {() => Promise<void>} kill SIGKILL
 * @property {() => Promise<void>} stop SIGTERM
 * @property {() => Promise<void>} start resolves when it answers
 * @property {() => Promise<void>} startUpgraded starts engine 26 instead, on the same data; it stays that one
 * @property {() => Promise<void>} close
 */

/**
 * @param {{ liveRestore: boolean }} options with live restore, containers run on while the engine is away; without, the engine
 *   kills those it finds when it comes back, and starts them again
 * @returns {Promise<TortureEngine>}
 */
export async function launchEngine({ liveRestore }) {
  // Not os.tmpdir(): sockets' paths may have no more than 107 bytes.
  const folder = mkdtempSync("/tmp/lst-");
  const flags = liveRestore ? ["--live-restore"] : [];
  const guardian = spawn(process.execPath, [guardianProgram, folder, JSON.stringify(flags)], {
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ENGINE_OWN_NETWORK: "1" },
  });
  const answers = createInterface({ input: guardian.stdout })[Symbol.asyncIterator]();
  const command = async (name) => {
    guardian.stdin.write(`${name}\n`);
    const { value, done } = await answers.next();
    if (done || value !== "ok")
      throw new Error(`private engine, ${name}: ${done ? "its guardian ended" : value}`);
  };
  const close = async () => {
    if (guardian.exitCode !== null) return;
    const exited = once(guardian, "exit");
    guardian.stdin.end();
    await exited;
  };
  try {
    await command("start");
    const docker = new Docker({ socketPath: `${folder}/docker.sock` });
    await importImage(docker);
    return {
      docker,
      host: `unix://${folder}/docker.sock`,
      containersFolder: `${folder}/data/containers`,
      kill: () => command("kill"),
      stop: () => command("stop"),
      start: () => command("start"),
      startUpgraded: () => command("start 26"),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** BusyBox with a link for each of its programs. */
async function importImage(docker) {
  const busybox = findProgram("busybox");
  if (busybox === undefined) throw new Error("busybox is not installed, the containers' image is made of it");
  const root = mkdtempSync(join(tmpdir(), "torture-image-"));
  try {
    chmodSync(root, 0o755);
    for (const folder of ["bin", "tmp"]) mkdirSync(join(root, folder));
    for (const file of [busybox, ...librariesOf(busybox)])
      cpSync(file, join(root, file === busybox ? "/bin/busybox" : file), { dereference: true });
    for (const name of execFileSync(busybox, ["--list"], { encoding: "utf8" }).trim().split("\n"))
      if (name !== "busybox") symlinkSync("busybox", join(root, "bin", name));
    const tar = spawn("tar", ["-C", root, "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
    const [repo, tag] = IMAGE.split(":");
    const progress = await docker.importImage(tar.stdout, { repo, tag, changes: ["ENV PATH=/bin"] });
    await new Promise((resolve, reject) => {
      docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve(undefined)));
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function librariesOf(program) {
  try {
    const text = execFileSync("ldd", [program], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return [...text.matchAll(/(\/\S+) \(0x/g)].map(([, library]) => library);
  } catch {
    // ldd fails on a static program.
    return [];
  }
}
