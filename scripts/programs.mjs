/** Finds the programs of this machine that tests and demo use; nothing here installs anything. */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of a program, looked for where a shell would and in the folders for root's programs. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** A Python 3 that can import numpy and pandas; Debian's own before whatever else is in the path. */
export function findPython() {
  const probe =
    "import importlib.util as u, sys; sys.exit(not (u.find_spec('numpy') and u.find_spec('pandas')))";
  return ["/usr/bin/python3", "python3"].find((program) => succeeds(program, ["-c", probe]));
}

/** Program and first arguments of the compose that is installed: the docker plugin, or the older docker-compose. */
export function findCompose() {
  const candidates = [["docker", "compose"], ["docker-compose"]];
  return candidates.find(([program, ...args]) => succeeds(program, [...args, "version"]));
}

function succeeds(program, args) {
  return spawnSync(program, args, { stdio: "ignore", timeout: 20_000 }).status === 0;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
