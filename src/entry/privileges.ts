import { readFileSync, type Stats, statSync } from "node:fs";
import { SidecarError, systemCode } from "../core/errors.js";
import { type Claim, claimLogDir, type Owner } from "./claim.js";

export interface DropRequest extends Owner {
  /** Handed to the new user; undefined when the command writes nothing there. */
  readonly logDir: string | undefined;
  /** The engine's socket; undefined when the engine is reached by TCP. */
  readonly socketPath: string | undefined;
}

export interface DropResult extends Owner {
  /** Further groups of the process: the socket's, where that is what lets it use the socket. */
  readonly groups: readonly number[];
  readonly claim: Claim | undefined;
}

/**
 * What the environment asks for: `SIDECAR_DROP_TO=10001:10001`, which the image sets. Undefined when it asks for nothing
 * or when the process isn't root in the first place (`user:` in the compose file).
 * `args` is the command line, whose `--log-dir` wins. A settings file is not read: that is for the user that the process becomes.
 * @throws SETTINGS_INVALID when the value isn't two numbers above 0
 */
export function dropRequest(
  env: NodeJS.ProcessEnv,
  uid = process.getuid?.(),
  args: readonly string[] = [],
): DropRequest | undefined {
  const asked = env["SIDECAR_DROP_TO"] ?? "";
  if (asked === "" || uid !== 0) return undefined;
  const numbers = /^([1-9]\d{0,8}):([1-9]\d{0,8})$/.exec(asked);
  if (numbers === null) {
    throw new SidecarError("SETTINGS_INVALID", `SIDECAR_DROP_TO is \`${asked}\``, {
      remedy: "Set it to a user and a group by number, for example 10001:10001.",
    });
  }
  return {
    uid: Number(numbers[1]),
    gid: Number(numbers[2]),
    logDir: logDirOf(env, args),
    socketPath: socketPathOf(env["DOCKER_HOST"] || "unix:///var/run/docker.sock"),
  };
}

/** The log folder as a command line or the environment names it. */
export function logDirOf(env: NodeJS.ProcessEnv, args: readonly string[] = []): string {
  return flagged(args, "--log-dir") || env["SIDECAR_LOG_DIR"] || env["ONNX_UNIFIED_LOG_DIR"] || "/app/logs";
}

/** The last value of a flag; what stands behind `--` is another program's. */
function flagged(args: readonly string[], flag: string): string | undefined {
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  let value: string | undefined;
  for (const [at, arg] of own.entries()) {
    if (arg === flag) value = own[at + 1] ?? value;
    else if (arg.startsWith(`${flag}=`)) value = arg.slice(flag.length + 1);
  }
  return value || undefined;
}

function socketPathOf(host: string): string | undefined {
  return host.startsWith("unix://") ? host.slice("unix://".length) : undefined;
}

/**
 * Gives up root for good: hands the log folder over, learns which group may use the engine's socket, and becomes
 * `uid:gid` with that group. To be called before anything else is read or opened.
 * Needs CAP_CHOWN (the log folder), CAP_SETGID and CAP_SETUID, and no other capability.
 * @throws PRIVILEGES_KEPT when the system refuses, or when root could be had back
 */
export function dropPrivileges(request: DropRequest): DropResult {
  const { uid, gid, logDir, socketPath } = request;
  const claim = logDir === undefined ? undefined : claimLogDir(logDir, { uid, gid });
  const groups = socketGroups(socketPath, gid);
  try {
    // In this order: after setuid nothing else may be changed.
    process.setgroups?.(groups);
    process.setgid?.(gid);
    process.setuid?.(uid);
  } catch (cause) {
    throw new SidecarError("PRIVILEGES_KEPT", `could not become ${uid}:${gid}`, { cause });
  }
  verifyDropped(uid, gid);
  return { uid, gid, groups, claim };
}

/** The group that must be had to connect to the socket, which takes permission to write it; none where anybody may. */
function socketGroups(socketPath: string | undefined, gid: number): number[] {
  const socket = socketPath === undefined ? undefined : statOrAbsent(socketPath);
  if (socket === undefined || (socket.mode & 0o002) !== 0 || socket.gid === gid) return [];
  return (socket.mode & 0o020) === 0 ? [] : [socket.gid];
}

function statOrAbsent(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    // No engine yet, or a path nobody may look at: connecting will say what is wrong.
    if (systemCode(error) !== undefined) return undefined;
    throw error;
  }
}

/** Root must be out of reach: by number, by capability and by asking for it. */
function verifyDropped(uid: number, gid: number): void {
  const { effective, permitted } = capabilities();
  const isOther = process.getuid?.() === uid && process.geteuid?.() === uid && process.getegid?.() === gid;
  if (isOther && effective === 0n && permitted === 0n && !canBecomeRoot()) return;
  throw new SidecarError("PRIVILEGES_KEPT", `still has rights of root after becoming ${uid}:${gid}`);
}

function capabilities(): { effective: bigint; permitted: bigint } {
  const status = readFileSync("/proc/self/status", "utf8");
  const set = (name: string) =>
    BigInt(`0x${new RegExp(`^${name}:\\s*([0-9a-f]+)$`, "m").exec(status)?.[1] ?? "0"}`);
  return { effective: set("CapEff"), permitted: set("CapPrm") };
}

function canBecomeRoot(): boolean {
  try {
    process.setuid?.(0);
    return true;
  } catch {
    return false;
  }
}
