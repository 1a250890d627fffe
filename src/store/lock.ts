import { randomBytes } from "node:crypto";
import { link, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { SidecarError, systemCode } from "../core/errors.js";
import { lockTaken } from "../telemetry/store-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { answers, type LifeSign, openLifeSign } from "./life-sign.js";
import { bootId, pidSpace } from "./machine.js";

/** Who holds the lock; the content of the lock file. */
interface Owner {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  readonly bootId: string;
  readonly pidSpace: string;
  /** Name of the socket that answers while the owner lives; undefined where the file system has no sockets. */
  readonly socket: string | undefined;
}

export interface Lock {
  release(): Promise<void>;
}

interface LockOptions {
  /** Absolute. */
  readonly folder: string;
  readonly telemetry: Telemetry;
  /** Called once when somebody else took the lock although this process lives. */
  readonly onLost: () => void;
}

/** The owner touches the lock file so often … */
const BEAT_MS = 1000;
/** … and is taken for dead when it has not for so long, where nothing surer can be asked. */
const DEAD_AFTER_MS = 5000;
const LOOK_MS = 250;
const ATTEMPTS = 20;

/**
 * Makes sure that one sidecar works on a log volume. Node has no file locks, and a pid proves nothing between containers; so the owner
 * listens on a socket beside the lock file: whoever shares the kernel learns at once whether it lives, also after SIGKILL.
 * Where that cannot be asked (another machine, no sockets on the file system) the beat of the lock file's time tells, after some seconds.
 * @throws SidecarError VOLUME_LOCKED that names the owner.
 */
export async function takeLock(options: LockOptions): Promise<Lock> {
  const path = join(options.folder, "lock");
  const token = randomBytes(8).toString("hex");
  const lifeSign = await openLifeSign(options.folder, token);
  const owner: Owner = {
    token,
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    bootId: await bootId(),
    pidSpace: await pidSpace(),
    socket: lifeSign?.name,
  };
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await create(path, JSON.stringify(owner))) {
        await removeOldSockets(options.folder, lifeSign?.name);
        return hold(path, owner, lifeSign, options);
      }
      await clear(path, owner, options);
    }
    throw new SidecarError("VOLUME_LOCKED", `${path} changes hands all the time`);
  } catch (cause) {
    await lifeSign?.close();
    throw cause;
  }
}

/** Left by processes that were killed while they asked for the lock. */
async function removeOldSockets(folder: string, mine: string | undefined): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^lock-[0-9a-f]+\.sock$/.test(name) && name !== mine) await rm(join(folder, name), { force: true });
  }
}

async function create(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o640);
    try {
      await file.writeFile(text);
    } catch (cause) {
      // Half a lock file would make the next attempt wait for its beat.
      await rm(path, { force: true });
      throw cause;
    } finally {
      await file.close();
    }
    return true;
  } catch (cause) {
    if (systemCode(cause) === "EEXIST") return false;
    throw cause;
  }
}

/** Takes a dead owner's lock away; throws when the owner lives. */
async function clear(path: string, me: Owner, { folder, telemetry }: LockOptions): Promise<void> {
  const text = await read(path);
  if (text === undefined) return;
  const owner = parse(text);
  const dead = await whyDead(path, text, owner, me, folder);
  if (dead === undefined) {
    const who =
      owner === undefined
        ? "an unknown process"
        : `process ${owner.pid} on ${owner.host}, since ${owner.since}`;
    throw new SidecarError("VOLUME_LOCKED", `The log volume ${join(folder, "..")} is in use by ${who}`);
  }
  // Moved away first and looked at again: of two that start at once, the slower one may have caught the faster one's new lock.
  const aside = `${path}.${me.token}`;
  try {
    await rename(path, aside);
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return;
    throw cause;
  }
  if ((await read(aside)) !== text) await putBack(aside, path);
  else if (owner?.socket !== undefined) await rm(join(folder, owner.socket), { force: true });
  await rm(aside, { force: true });
  lockTaken(telemetry, dead);
}

async function putBack(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (cause) {
    // A third one has it already; the second will notice with its next beat.
    if (systemCode(cause) !== "EEXIST") throw cause;
  }
}

/** Why the owner cannot be alive; undefined when it is. */
async function whyDead(
  path: string,
  text: string,
  owner: Owner | undefined,
  me: Owner,
  folder: string,
): Promise<string | undefined> {
  const isSameKernel = owner !== undefined && owner.bootId === me.bootId && me.bootId !== "";
  if (isSameKernel && owner.socket !== undefined) {
    const answer = await answers(join(folder, owner.socket));
    if (answer === true) return undefined;
    if (answer === false) return `process ${owner.pid} on ${owner.host} does not answer any more`;
  }
  if (isSameKernel && owner.pidSpace === me.pidSpace && !isProcess(owner.pid))
    return `process ${owner.pid} has ended`;
  const before = await beat(path);
  const endMs = performance.now() + DEAD_AFTER_MS;
  while (performance.now() < endMs) {
    await pause(LOOK_MS);
    // A lock that was just written over is judged anew; it is not taken for this one, because its text differs.
    if ((await beat(path)) !== before) return (await read(path)) === text ? undefined : "it changed hands";
  }
  return `it was not renewed for ${DEAD_AFTER_MS / 1000} s`;
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return systemCode(cause) !== "ESRCH";
  }
}

function hold(path: string, owner: Owner, lifeSign: LifeSign | undefined, options: LockOptions): Lock {
  const text = JSON.stringify(owner);
  const renew = async () => {
    const found = await read(path);
    if (found === text) await utimes(path, new Date(), new Date());
    // Removed by hand: put it back, unless somebody was faster.
    else if (found !== undefined || !(await create(path, text))) {
      clearInterval(timer);
      options.onLost();
    }
  };
  const timer = setInterval(() => {
    renew().catch(() => {
      // A disk that refuses this refuses the store's own writes too, and those are told and tried again.
    });
  }, BEAT_MS);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      if ((await read(path)) === text) await rm(path, { force: true });
      await lifeSign?.close();
    },
  };
}

async function beat(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return undefined;
    throw cause;
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return undefined;
    throw cause;
  }
}

/** Undefined for a lock file that is being written, or was left half written. */
function parse(text: string): Owner | undefined {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return undefined;
  }
}
