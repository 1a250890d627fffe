import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { findCompose, findProgram, findPython } from "../scripts/programs.mjs";
import { debianRelease } from "./engine/release/debian-release.mjs";

/** What some tests need beyond Node and this repository. */
export type RequirementName =
  | "engine"
  | "engine-socket"
  | "private-engine"
  | "podman"
  | "docker"
  | "compose"
  | "python"
  | "jq"
  | "prometheus"
  | "chromium"
  | "busybox"
  | "nats-server"
  | "network-namespace"
  | "setpriv"
  | "root";

export interface Requirement {
  /** For `describe.skipIf(…)`. */
  readonly missing: boolean;
  /** Why it is missing and what would mend that; empty when it is there. */
  readonly reason: string;
}

const probes: Readonly<Record<RequirementName, () => string>> = {
  engine: () => process.env["TEST_ENGINE_ABSENT"] ?? "",
  // Folders and the socket of this machine are mounted into containers.
  "engine-socket": () =>
    /^(unix:|$)/.test(process.env["DOCKER_HOST"] ?? "") ? "" : "DOCKER_HOST is not a socket of this machine",
  "private-engine": privateEngineObstacle,
  podman: podmanObstacle,
  docker: () => missingProgram("docker"),
  compose: () =>
    findCompose() === undefined ? "neither `docker compose` nor docker-compose is installed" : "",
  python: () => (findPython() === undefined ? "no Python 3 that has numpy and pandas" : ""),
  jq: () => missingProgram("jq"),
  prometheus: () => missingProgram("prometheus") || missingProgram("promtool"),
  chromium: () => missingProgram("chromium"),
  busybox: () => missingProgram("busybox"),
  "nats-server": () => missingProgram("nats-server"),
  "network-namespace": networkNamespaceObstacle,
  setpriv: () => missingProgram("setpriv"),
  root: () => (process.getuid?.() === 0 ? "" : "the tests don't run as root"),
};

const answers = new Map<RequirementName, Requirement>();

/**
 * Asks for something that may be missing on this machine: `describe.skipIf(requirement("python").missing)`.
 * Says aloud what is missing, notes it for the summary of `npm test`, and throws under `CI=true`, where nothing may be left out.
 */
export function requirement(name: RequirementName): Requirement {
  const known = answers.get(name);
  if (known !== undefined) return known;
  const reason = probes[name]();
  const answer = { missing: reason !== "", reason };
  answers.set(name, answer);
  if (answer.missing) announce(name, reason);
  return answer;
}

function announce(name: RequirementName, reason: string): void {
  const text = `left out, they need ${name}: ${reason}`;
  if (process.env["CI"] === "true") throw new Error(`${text}; CI must have it`);
  noteLeftOut(text);
}

/** Says that tests are left out, at once and in the summary of `npm test`; of `file` then tests may be left out under `CI=true`, too. */
export function noteLeftOut(text: string, file?: string): void {
  process.stderr.write(`tests ${text}\n`);
  const noteFile = process.env["TEST_NOTES_FILE"];
  if (noteFile !== undefined) appendFileSync(noteFile, `${JSON.stringify({ text, file })}\n`);
}

/** Why no private engine can be started here; empty when it can. */
export function privateEngineObstacle(): string {
  if (process.platform !== "linux") return "a private engine runs on Linux only";
  if (process.getuid?.() !== 0) return "only root can start a private engine";
  const named = process.env["TEST_ENGINE"];
  if (named === undefined) return missingProgram("dockerd") || missingProgram("unshare");
  return debianRelease().reason;
}

function podmanObstacle(): string {
  if (process.env["TEST_ENGINE"] === "podman") return privateEngineObstacle();
  if (process.platform !== "linux") return "Podman's own engine runs on Linux only";
  if (process.getuid?.() !== 0) return "only root can start one that is apart from the machine's";
  return missingProgram("podman") || missingProgram("unshare");
}

function networkNamespaceObstacle(): string {
  if (process.getuid?.() !== 0) return "only root can join network namespaces";
  const missing = missingProgram("unshare") || missingProgram("ip");
  if (missing !== "") return missing;
  const pair = ["--net", "ip", "link", "add", "type", "veth"];
  const { status, stderr } = spawnSync("unshare", pair, { encoding: "utf8" });
  return status === 0 ? "" : `no pair of links can be made in one: ${stderr.trim()}`;
}

function missingProgram(name: string): string {
  return findProgram(name) === undefined ? `${name} is not installed` : "";
}
