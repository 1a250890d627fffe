import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { link, lstat, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { SidecarError, systemCode } from "../core/errors.js";
import { lockTaken } from "../telemetry/store-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import type { Confirm } from "./fence.js";
import { answers, type LifeSign, openLifeSign, socketName } from "./life-sign.js";
import { bootId, pidSpace } from "./machine.js";
import { DEAD_AFTER_MS, describe, judge, type Owner, parseOwner, readLock } from "./owner.js";

export interface Lock {
  /** Asks whether the lock is still this process's where its last beat is too long ago for that to be sure. @throws SidecarError VOLUME_LOCKED */
  readonly confirm: Confirm;
  release(): Promise<void>;
}

interface LockOptions {
  /** Absolute. */
  readonly folder: string;
  readonly telemetry: Telemetry;
  /** Called once when somebody else took the lock although this process lives. */
  readonly onLost: () => void;
  /** The error when the owner lives; VOLUME_LOCKED unless told otherwise. */
  readonly busy?: (owner: string) => SidecarError;
  /** Gives up where only the beat of another's lock can tell whether it lives. */
  readonly signal?: AbortSignal | undefined;
}

/** The owner touches the lock file so often. */
const BEAT_MS = 1000;
/** Others take an owner for dead after a while without a beat: well before that it asks itself. */
const SURE_MS = DEAD_AFTER_MS / 3;
const ATTEMPTS = 20;
const ASIDE_MS = 60_000;

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
      if (await create(path, owner)) {
        await removeLeftBehind(options.folder, lifeSign?.name);
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

/** What processes left that were killed while they asked for the lock. */
async function removeLeftBehind(folder: string, mine: string | undefined): Promise<void> {
  const names = await readdir(folder);
  for (const name of names) {
    const token = /^lock\.([0-9a-f]+)$/.exec(name)?.[1];
    if (token === undefined) continue;
    const path = join(folder, name);
    const lives = (await answers(join(folder, socketName(token)))) ?? !(await isOld(path));
    if (!lives) await rm(path, { force: true });
  }
  for (const name of names) {
    if (/^lock-[0-9a-f]+\.sock$/.test(name) && name !== mine) await rm(join(folder, name), { force: true });
  }
}

/** A lock file that was moved away is looked at the moment after. */
async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).ctimeMs > ASIDE_MS;
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return false;
    throw cause;
  }
}

/** False when there is one. It appears whole: of half a one only the beat can tell whether its owner lives, and nobody could go on meanwhile. */
async function create(path: string, owner: Owner): Promise<boolean> {
  const aside = `${path}.${owner.token}`;
  try {
    await write(aside, owner, "w");
    return await link(aside, path).then(
      () => true,
      // There are file systems without second names for a file; anything else fails again.
      (cause: unknown) => (systemCode(cause) === "EEXIST" ? false : createInPlace(path, owner)),
    );
  } finally {
    await rm(aside, { force: true });
  }
}

async function createInPlace(path: string, owner: Owner): Promise<boolean> {
  try {
    await write(path, owner, "wx");
    return true;
  } catch (cause) {
    if (systemCode(cause) === "EEXIST") return false;
    await rm(path, { force: true });
    throw cause;
  }
}

async function write(path: string, owner: Owner, flags: "w" | "wx"): Promise<void> {
  const file = await open(path, flags, 0o640);
  try {
    await file.writeFile(JSON.stringify(owner));
  } finally {
    await file.close();
  }
}

/** Takes a dead owner's lock away; throws when the owner lives. */
async function clear(
  path: string,
  me: Owner,
  { folder, telemetry, busy, signal }: LockOptions,
): Promise<void> {
  const text = await readLock(path);
  if (text === undefined) return;
  const owner = parseOwner(text);
  const judgement = await judge({ path, text, me, signal });
  if (judgement.state === "alive") {
    if (busy !== undefined) throw busy(describe(owner));
    throw new SidecarError(
      "VOLUME_LOCKED",
      `The log volume ${join(folder, "..")} is in use by ${describe(owner)}`,
    );
  }
  if (judgement.state === "changed" || (await readLock(path)) !== text) return;
  // Moved away first and looked at again: of two that start at once, the slower one may have caught the faster one's new lock.
  const aside = `${path}.${me.token}`;
  try {
    await rename(path, aside);
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return;
    throw cause;
  }
  if ((await readLock(aside)) === text) lockTaken(telemetry, judgement.why);
  else await putBack(aside, path);
  await rm(aside, { force: true });
}

async function putBack(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (cause) {
    // A third one has it already, or the second has tidied up: it will notice with its next beat.
    if (systemCode(cause) !== "EEXIST" && systemCode(cause) !== "ENOENT") throw cause;
  }
}

function hold(path: string, owner: Owner, lifeSign: LifeSign | undefined, options: LockOptions): Lock {
  const text = JSON.stringify(owner);
  // Nobody wrote or replaced a file that looks as it was left: it need not be read, which takes six more calls of the system each second.
  let left: Left | undefined;
  let isLost = false;
  let sure = new Moment();
  const renew = async () => {
    const seen = await lstat(path).catch(() => undefined);
    const found = seen && left && isAsLeft(seen, left) ? text : await readLock(path);
    if (found === text) {
      const now = new Date();
      await utimes(path, now, now);
      left = seen && { inode: seen.ino, atMs: now.getTime() };
      sure = new Moment();
    }
    // Removed by hand: put it back, unless somebody was faster.
    else if (found !== undefined || !(await create(path, owner))) {
      clearInterval(timer);
      if (!isLost) options.onLost();
      isLost = true;
    }
  };
  const confirm = async () => {
    // What only fails proves nothing: the folder may have been removed, and is made again by a commit.
    await renew().catch(() => undefined);
    if (isLost) throw new SidecarError("VOLUME_LOCKED", `${path} was taken over by another sidecar`);
  };
  const timer = setInterval(() => {
    renew().catch(() => {
      // A disk that refuses this refuses the store's own writes too, and those are told and tried again.
    });
  }, BEAT_MS);
  timer.unref();
  return {
    confirm: () => (sure.isWithin(SURE_MS) ? undefined : confirm()),
    async release() {
      clearInterval(timer);
      if ((await readLock(path)) === text) await rm(path, { force: true });
      await lifeSign?.close();
    },
  };
}

/** By two clocks: one goes on while a process stands still, the other also while the machine sleeps, and can be set. */
class Moment {
  readonly #steadyMs = performance.now();
  readonly #clockMs = Date.now();

  isWithin(ms: number): boolean {
    return performance.now() - this.#steadyMs < ms && Math.abs(Date.now() - this.#clockMs) < ms;
  }
}

/** A lock file as its owner left it when it touched it last. */
interface Left {
  readonly inode: number;
  readonly atMs: number;
}

/** File systems and Node round times. */
function isAsLeft({ ino, mtimeMs }: Stats, { inode, atMs }: Left): boolean {
  return ino === inode && Math.abs(mtimeMs - atMs) < 1;
}
