/** How each engine that the tests know is started: this machine's own, or one of Debian's present stable release. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { debianRelease } from "./debian-release.mjs";

/**
 * What `TEST_ENGINE` and `--engine` may name, besides nothing: this machine's own dockerd.
 * `26`: docker.io 26.1.5, `podman`: 5.4.2, both of Debian 13.
 */
export const OTHER_ENGINES = ["26", "podman"];

/** This machine's own Podman. */
const OWN_PODMAN = "own-podman";

/** Podman asks for more open files than root has in some containers, and is told of fewer. */
export const PODMAN_SETTINGS = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
`;

const enter = fileURLToPath(new URL("enter.sh", import.meta.url));

/** Enters the other release's folder once; all engines that are started from it see the same mounts. */
export class OtherRelease {
  #holder;

  /** @returns {Promise<string[]>} what stands before a command that is to run in the release */
  async prefix() {
    this.#holder ??= await this.#enter();
    return ["nsenter", "--target", String(this.#holder.pid), "--mount", "--"];
  }

  async #enter() {
    const { folder, reason } = debianRelease();
    if (folder === undefined) throw new Error(reason);
    const holder = spawn("unshare", ["--mount", "--propagation", "private", "sh", enter, folder], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let said = "";
    holder.stderr.on("data", (text) => {
      said += text;
    });
    const ready = once(createInterface({ input: holder.stdout }), "line").then(() => true);
    const ended = once(holder, "exit").then(() => false);
    if (!(await Promise.race([ready, ended])))
      throw new Error(`the release can't be entered: ${said.trim()}`);
    return holder;
  }

  /** The mounts go with the last process in it. */
  leave() {
    this.#holder?.kill("SIGKILL");
    this.#holder = undefined;
  }
}

/**
 * Program and arguments of an engine.
 * @param {string | undefined} name of OTHER_ENGINES, `own-podman`, or undefined
 * @param {{ root: string, configFile: string, flags: string[] }} where the engine's folder
 */
export function engineCommand(name, { root, configFile, flags }) {
  const host = `unix://${root}/docker.sock`;
  if (name === "podman" || name === OWN_PODMAN) {
    const folders = [`--root=${root}/data`, `--runroot=${root}/exec`, `--tmpdir=${root}/tmp`];
    const ways = ["--cgroup-manager=cgroupfs", "--events-backend=file", "--runtime=runc"];
    return ["podman", ...folders, ...ways, "system", "service", "--time=0", host];
  }
  const folders = [`--data-root=${root}/data`, `--exec-root=${root}/exec`, `--pidfile=${root}/pid`];
  return ["dockerd", `--config-file=${configFile}`, ...folders, `--host=${host}`, ...flags];
}
