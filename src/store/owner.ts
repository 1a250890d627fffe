import { open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openBelow } from "../core/below.js";
import { SidecarError, systemCode } from "../core/errors.js";
import { answers } from "./life-sign.js";

/** Who holds the lock; the content of the lock file. */
export interface Owner {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  readonly bootId: string;
  readonly pidSpace: string;
  /** Name of the socket that answers while the owner lives; undefined where the file system has no sockets. */
  readonly socket: string | undefined;
}

/**
 * Taken for dead when the lock file was not touched for so long, where nothing surer can be asked. An owner that lives touches it each
 * second, but behind what the disk has to do before that: on a busy machine 5 s were too short.
 */
export const DEAD_AFTER_MS = 15_000;
const LOOK_MS = 250;

/** `changed`: the lock file is another one by now. */
export type Judgement =
  | { readonly state: "alive" }
  | { readonly state: "changed" }
  | { readonly state: "dead"; readonly why: string };

interface Asked {
  /** The lock file and what it holds. */
  readonly path: string;
  readonly text: string;
  readonly me: Owner;
  readonly signal?: AbortSignal | undefined;
}

/** Whether the owner of a lock file lives. Takes some seconds where only the file's beat can tell. */
export async function judge(asked: Asked): Promise<Judgement> {
  const owner = parseOwner(asked.text);
  if (owner !== undefined && owner.bootId === asked.me.bootId && owner.bootId !== "") {
    const judgement = await judgeOnThisMachine(owner, asked);
    if (judgement !== undefined) return judgement;
  }
  return judgeByBeat(asked);
}

async function judgeOnThisMachine(owner: Owner, { path, me }: Asked): Promise<Judgement | undefined> {
  const { pid, host, socket, pidSpace } = owner;
  if (socket !== undefined) {
    const answer = await answers(join(dirname(path), socket));
    if (answer === true) return { state: "alive" };
    if (answer === false) return { state: "dead", why: `process ${pid} on ${host} does not answer any more` };
  }
  // A process of that number may be another one; that there is none is certain.
  if (pidSpace === me.pidSpace && !isProcess(pid)) return { state: "dead", why: `process ${pid} has ended` };
  return undefined;
}

async function judgeByBeat({ path, text, signal }: Asked): Promise<Judgement> {
  const before = await beat(path);
  const endMs = performance.now() + DEAD_AFTER_MS;
  while (performance.now() < endMs) {
    await pause(LOOK_MS, undefined, { signal });
    if ((await readLock(path)) !== text) return { state: "changed" };
    if ((await beat(path)) !== before) return { state: "alive" };
  }
  return { state: "dead", why: `the lock was not renewed for ${DEAD_AFTER_MS / 1000} s` };
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return systemCode(cause) !== "ESRCH";
  }
}

/** How opening refuses a link, a folder, and a FIFO or device. */
const NO_FILE = new Set(["ELOOP", "EISDIR", "ENXIO"]);

/** For people. */
export function describe(owner: Owner | undefined): string {
  return owner === undefined
    ? "an unknown process"
    : `process ${owner.pid} on ${owner.host}, since ${owner.since}`;
}

async function beat(path: string): Promise<number | undefined> {
  try {
    // Opened, because a network file system may give an old answer to a mere stat.
    const file = await open(path, "r");
    try {
      return (await file.stat()).mtimeMs;
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return undefined;
    throw cause;
  }
}

/**
 * The text of a lock file; undefined when there is none.
 * @throws SidecarError LOG_DIR_UNWRITABLE when something else bears its name: reading a FIFO would wait for ever.
 */
export async function readLock(path: string): Promise<string | undefined> {
  try {
    const file = await openBelow(dirname(path), basename(path));
    try {
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (cause) {
    const code = systemCode(cause) ?? "";
    if (code === "ENOENT") return undefined;
    if (!NO_FILE.has(code)) throw cause;
    const remedy = "Move it away; nothing of the log volume is in it.";
    throw new SidecarError("LOG_DIR_UNWRITABLE", `${path} is no file, and no lock can be taken`, {
      cause,
      remedy,
    });
  }
}

/** Undefined for a lock file that is being written, or was left half written. */
export function parseOwner(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Owner) : undefined;
  } catch {
    return undefined;
  }
}
