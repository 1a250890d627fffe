import { createReadStream } from "node:fs";
import { lstat, rm } from "node:fs/promises";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { systemCode } from "../core/errors.js";
import type { DataFile } from "./data-file.js";
import { pass } from "./fault-points.js";
import { archivedPath } from "./names.js";
import { type Packer, type Packing, PackRefused } from "./packing/packer.js";
import { parentOf, StepRefused, type Workplace } from "./workplace.js";

/**
 * Compresses a file: into an unfinished one, which is verified and synced, and then takes its name; only when that is durable does the
 * plain file go.
 */
export async function compressFile(
  place: Workplace,
  packer: Packer,
  path: string,
  signal?: AbortSignal,
): Promise<{ path: string } & Packing> {
  const packed = `${path}.gz`;
  if (await exists(place, packed)) throw new StepRefused(`${packed} is there already`);
  const unfinished = await place.unfinishedPath();
  try {
    const packing = await place.at(path, (source) =>
      place.at(unfinished, (target) => packer.pack({ source, target, signal })),
    );
    pass("compress:written");
    await place.rename(unfinished, packed);
    pass("compress:renamed");
    await place.syncFolder(parentOf(path));
    pass("compress:durable");
    await removeFile(place, path);
    pass("compress:removed");
    return { path: packed, ...packing };
  } catch (cause) {
    await place.at(unfinished, (reach) => rm(reach, { force: true }));
    if (cause instanceof PackRefused) throw new StepRefused(cause.message);
    throw cause;
  }
}

/** Moves a file and what describes it below archive/. What describes it goes first: a run that is killed in between is gone on with. */
export async function archiveFile(
  place: Workplace,
  path: string,
  companion: string | undefined,
): Promise<string> {
  const target = archivedPath(path);
  await place.ensureFolder(parentOf(target));
  const companionTarget = companion === undefined ? target : archivedPath(companion);
  for (const each of [target, companionTarget]) {
    if (await exists(place, each)) throw new StepRefused(`${each} is there already`);
  }
  if (companion !== undefined && (await exists(place, companion))) {
    await moveFile(place, companion);
    pass("archive:companion-moved");
  }
  await moveFile(place, path);
  pass("archive:moved");
  return target;
}

/** Deletes a file. What describes it goes first: alone it would stay for ever. */
export async function deleteFile(
  place: Workplace,
  { path, companion }: Pick<DataFile, "path" | "companion">,
): Promise<void> {
  if (companion !== undefined) {
    await removeFile(place, companion);
    pass("delete:companion-removed");
  }
  await removeFile(place, path);
  pass("delete:removed");
}

/**
 * Removes a file whose compressed successor stands beside it, once the two are known to be the same: the successor got its name when
 * it was complete, but somebody else may have put a file there.
 */
export async function tidyFile(place: Workplace, path: string): Promise<void> {
  const isSuccessor = await place.at(path, async (reach) => {
    const plain = createReadStream(reach);
    const packed = createReadStream(`${reach}.gz`);
    // Its callback hears of errors that come before anybody reads, which the reader then meets too; and it closes the file.
    const unpacked = pipeline(packed, createGunzip(), () => undefined);
    return isSame(plain, unpacked);
  });
  if (!isSuccessor) throw new StepRefused(`${path}.gz holds something else`);
  // The run that made it may have been killed before its name was durable.
  await place.syncFolder(parentOf(path));
  await removeFile(place, path);
}

async function isSame(one: Readable, other: Readable): Promise<boolean> {
  const others = other[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const piece of one as AsyncIterable<Buffer>) {
      let wanted = piece;
      while (wanted.length > 0) {
        if (rest.length === 0) {
          const next = await others.next();
          if (next.done === true) return false;
          rest = next.value;
        }
        const length = Math.min(wanted.length, rest.length);
        if (!wanted.subarray(0, length).equals(rest.subarray(0, length))) return false;
        wanted = wanted.subarray(length);
        rest = rest.subarray(length);
      }
    }
    return rest.length === 0 && (await others.next()).done === true;
  } finally {
    one.destroy();
    other.destroy();
  }
}

async function moveFile(place: Workplace, path: string): Promise<void> {
  const target = archivedPath(path);
  try {
    await place.rename(path, target);
  } catch (cause) {
    if (systemCode(cause) !== "EXDEV") throw cause;
    throw new StepRefused(
      `${target} would lie on another file system, and only a move within one is safe: mount the whole log folder instead of its archive`,
    );
  }
  place.changed(parentOf(target));
  place.changed(parentOf(path));
}

async function removeFile(place: Workplace, path: string): Promise<void> {
  await place.at(path, (reach) => rm(reach, { force: true }));
  place.changed(parentOf(path));
}

async function exists(place: Workplace, path: string): Promise<boolean> {
  try {
    await place.at(path, (reach) => lstat(reach));
    return true;
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return false;
    throw cause;
  }
}
