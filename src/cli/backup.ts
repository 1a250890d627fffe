import { type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { openBelow } from "../core/below.js";
import { SidecarError, systemCode } from "../core/errors.js";
import { sizeText } from "../core/size-text.js";
import { syncFolder } from "../core/sync-folder.js";
import { takeRetentionLock } from "../pipeline/keeping.js";
import { realDisk } from "../store/disk.js";
import { CHECKPOINT, STORE_FOLDER } from "../store/places.js";
import { readSnapshot, type SnapshotFile } from "../store/snapshot.js";
import { createTelemetry } from "../telemetry/telemetry.js";
import type { Console } from "./console.js";

const ATTEMPTS = 5;
const PIECE_BYTES = 1024 * 1024;

/**
 * `log-sidecar backup DIR`: a copy of the log folder as one commit left it, beside a sidecar that goes on. A sidecar that is started on the copy
 * goes on at that commit's positions: what the engine still holds from there on is in the copy once, too.
 * @throws SidecarError SETTINGS_INVALID, RETENTION_RUNNING, CHECKPOINT_BROKEN
 */
export async function backup(logDir: string, target: string, output: Console): Promise<number> {
  const to = resolve(target);
  await prepare(logDir, to);
  // Nothing is compressed, moved or deleted while it is copied.
  const lock = await takeRetentionLock(logDir, createTelemetry({ level: "warn" }));
  try {
    const { files, bytes } = await copyAll(logDir, to);
    output.out.write(`${files} files, ${sizeText(bytes)}, as of the last commit: ${to}\n`);
  } finally {
    await lock.release();
  }
  return 0;
}

async function prepare(logDir: string, to: string): Promise<void> {
  const way = relative(logDir, to);
  if (way === "" || !way.startsWith("..")) {
    throw new SidecarError("SETTINGS_INVALID", `${to} lies in the log folder ${logDir}`);
  }
  await mkdir(to, { recursive: true, mode: 0o750 });
  if ((await readdir(to)).length === 0) return;
  throw new SidecarError("SETTINGS_INVALID", `${to} is not empty`, {
    remedy: "Name a folder that is new or empty.",
  });
}

async function copyAll(logDir: string, to: string): Promise<{ files: number; bytes: number }> {
  for (let attempt = 1; ; attempt++) {
    const snapshot = await readSnapshot(realDisk(logDir));
    try {
      let [files, bytes] = [0, 0];
      for (const file of [...snapshot.staged, ...snapshot.files]) {
        bytes += await copy(logDir, to, file);
        files += 1;
      }
      await putCheckpoint(to, snapshot.checkpoint);
      return { files, bytes };
    } catch (cause) {
      // A staged file was finished, or somebody removed one: what was copied so far is of no use.
      if (systemCode(cause) !== "ENOENT" || attempt >= ATTEMPTS) throw cause;
      await empty(to);
    }
  }
}

async function empty(to: string): Promise<void> {
  for (const name of await readdir(to)) await rm(join(to, name), { recursive: true });
}

/** The bytes of the file that belong to the snapshot, with its times and mode. */
async function copy(logDir: string, to: string, { path, bytes }: SnapshotFile): Promise<number> {
  const target = join(to, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o750 });
  const source = await openBelow(logDir, path);
  try {
    const { size, mode, atime, mtime } = await source.stat();
    const length = bytes ?? size;
    const made = await open(target, "wx", mode & 0o777);
    try {
      await copyBytes(source, made, length);
      await made.utimes(atime, mtime);
      await made.sync();
    } finally {
      await made.close();
    }
    return length;
  } catch (cause) {
    if (!(cause instanceof TooShort)) throw cause;
    throw new SidecarError("STORE_FAILED", `${path} is shorter than committed: somebody cut it`);
  } finally {
    await source.close();
  }
}

class TooShort extends Error {}

async function copyBytes(source: FileHandle, target: FileHandle, length: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(length, PIECE_BYTES));
  for (let at = 0; at < length; ) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, length - at), at);
    if (bytesRead === 0) throw new TooShort();
    await target.appendFile(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

/** Last: a copy that was broken off has none, and is not taken for whole. */
async function putCheckpoint(to: string, text: string): Promise<void> {
  await mkdir(join(to, STORE_FOLDER), { recursive: true, mode: 0o750 });
  const temporary = join(to, `${CHECKPOINT}.new`);
  const file = await open(temporary, "wx", 0o640);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(to, CHECKPOINT));
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await syncFolder(join(entry.parentPath, entry.name));
  }
  await syncFolder(to);
}
