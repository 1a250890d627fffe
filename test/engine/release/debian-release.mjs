/** Debian's present stable release in a folder: newer engines than this machine's, whose programs need that release's C library. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { findProgram } from "../../../scripts/programs.mjs";

const SUITE = "trixie";
/** BusyBox for enter.sh; `ps` of procps for what the engine calls top; the libraries come with them by themselves. */
const PACKAGES = ["base-files", "busybox-static", "docker.io", "iptables", "libc-bin", "podman", "procps"];
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const MIRROR = "http://deb.debian.org/debian";
/** 123 MB in 95 packages; it took 10 s from a near mirror. */
const DOWNLOAD_LIMIT_MS = 180_000;
const UPDATE_LIMIT_MS = 60_000;

/**
 * The folder with the release's files, made at the first call and kept for later runs.
 * The packages are only unpacked: no script of theirs runs, and apt's own lists of this machine stay as they are.
 * @returns {{ folder: string, reason: "" } | { folder: undefined, reason: string }} `reason`: why it can't be had
 */
export function debianRelease() {
  const key = createHash("sha256")
    .update([SUITE, ...PACKAGES].join(" "))
    .digest("hex")
    .slice(0, 8);
  const folder = join(cacheFolder(), `${SUITE}-${key}`);
  if (existsSync(folder)) return { folder, reason: "" };
  const reason = obstacle();
  if (reason !== "") return { folder: undefined, reason };
  try {
    make(folder);
    return { folder, reason: "" };
  } catch (error) {
    return { folder: undefined, reason: `Debian ${SUITE} can't be had: ${error.message}` };
  }
}

function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "auroraq-log-sidecar");
}

function obstacle() {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "only root on Linux can start it";
  const programs = ["apt-get", "dpkg-deb", "unshare", "nsenter", "pivot_root"];
  const missing = programs.filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) return `not installed: ${missing.join(", ")}`;
  return existsSync(KEYRING) ? "" : `${KEYRING} is missing (package debian-archive-keyring)`;
}

function make(folder) {
  mkdirSync(dirname(folder), { recursive: true });
  // Beside its place: a run that is killed leaves no half of it there, and two runs don't meet.
  const work = mkdtempSync(`${folder}.`);
  try {
    const unpacked = join(work, "root");
    for (const archive of download(work)) run("dpkg-deb", ["-x", archive, unpacked], UPDATE_LIMIT_MS);
    finish(unpacked);
    if (!existsSync(folder)) renameSync(unpacked, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @returns {string[]} paths of the packages */
function download(work) {
  const archives = join(work, "cache/archives");
  for (const name of ["lists/partial", "cache/archives/partial", "root"])
    mkdirSync(join(work, name), { recursive: true });
  writeFileSync(join(work, "status"), "");
  writeFileSync(join(work, "sources.list"), `deb [signed-by=${KEYRING}] ${mirror()} ${SUITE} main\n`);
  const settings = [
    `Dir::State::lists=${work}/lists`,
    `Dir::State::status=${work}/status`,
    `Dir::Cache=${work}/cache`,
    `Dir::Etc::sourcelist=${work}/sources.list`,
    "Dir::Etc::sourceparts=/dev/null",
    "Dir::Etc::preferencesparts=/dev/null",
    "Dir::Etc::preferences=/dev/null",
    "Acquire::Languages=none",
    "Acquire::http::Timeout=20",
    "APT::Install-Recommends=0",
    "APT::Sandbox::User=root",
    // Another apt-get at work on this machine is no concern of this one: nothing is installed.
    "Debug::NoLocking=1",
  ].flatMap((setting) => ["-o", setting]);
  run("apt-get", [...settings, "-qq", "update"], UPDATE_LIMIT_MS);
  run("apt-get", [...settings, "-qq", "-y", "--download-only", "install", ...PACKAGES], DOWNLOAD_LIMIT_MS);
  return readdirSync(archives)
    .filter((name) => name.endsWith(".deb"))
    .map((name) => join(archives, name));
}

/** Where this machine gets its own packages, if it is Debian: it may have no way to another mirror. */
function mirror() {
  const format = "$(REPO_URI) $(LABEL) $(SUITE)";
  const { stdout } = spawnSync("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], {
    encoding: "utf8",
  });
  const own = (stdout ?? "").split("\n").find((line) => /^\S+ Debian \S*stable$/.test(line));
  return own?.split(" ")[0] ?? MIRROR;
}

/** What the packages' scripts would do, as far as it is needed. */
function finish(root) {
  for (const name of ["iptables", "ip6tables"])
    run("ln", ["-sf", "xtables-nft-multi", join(root, "usr/sbin", name)], UPDATE_LIMIT_MS);
  for (const name of ["passwd", "group"])
    run("cp", [join(root, `usr/share/base-passwd/${name}.master`), join(root, "etc", name)], UPDATE_LIMIT_MS);
}

function run(program, args, timeout) {
  const { status, signal, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    timeout,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (error?.code === "ETIMEDOUT") throw new Error(`${program} took over ${timeout / 1000} s`);
  if (status === 0) return;
  const last = (stderr ?? "").trimEnd().split("\n").at(-1);
  throw new Error(`${program} ended with ${status ?? signal ?? error?.message}: ${last}`);
}
