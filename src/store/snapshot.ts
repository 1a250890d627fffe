import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { SidecarError, systemCode } from "../core/errors.js";
import { CATEGORIES } from "../core/record.js";
import { ARCHIVE_FOLDER } from "../core/segment.js";
import { type CheckpointBody, decodeCheckpoint, pathsOf } from "./checkpoint.js";
import type { Disk } from "./disk.js";
import { Journal } from "./journal.js";
import { CHECKPOINT } from "./places.js";

/** What of a log volume belongs to one commit. Paths stand below the log folder. */
export interface VolumeSnapshot {
  /** The text of the checkpoint. */
  readonly checkpoint: string;
  /** Staged files, which go soon: to be copied first. */
  readonly staged: readonly SnapshotFile[];
  readonly files: readonly SnapshotFile[];
}

export interface SnapshotFile {
  readonly path: string;
  /** So much of it belongs to the commit; undefined: all, it is sealed. */
  readonly bytes: number | undefined;
}

const ATTEMPTS = 20;

/**
 * Sees a volume as its last commit left it, while a sidecar goes on writing. Read in this order so that nothing is missed or is too much: the
 * checkpoint, the folders (all that the commit knows is there, and perhaps more), the journal (which names what was made after the commit, and
 * forgets nothing before two more commits). No retention may be at work meanwhile.
 * @throws SidecarError CHECKPOINT_BROKEN
 */
export async function readSnapshot(disk: Disk): Promise<VolumeSnapshot> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { text, body } = await readLast(disk);
    const found = await listFiles(disk);
    const intents = await Journal.read(disk);
    const now = (await readLast(disk)).body;
    if (now.serial > body.serial + 1) continue;
    const later = intents.filter(({ first }) => first > body.serial);
    const notMeant = new Set([...pathsOf(body), ...later.map(({ path }) => path)]);
    const sealed = found.filter((path) => !notMeant.has(path));
    return {
      checkpoint: text,
      staged: body.staged.map(({ path, length }) => ({ path, bytes: length })),
      files: [
        ...body.segments.map(({ path, length }) => ({ path, bytes: length })),
        ...sealed.map((path) => ({ path, bytes: undefined })),
      ],
    };
  }
  throw new SidecarError("STORE_FAILED", `the commits of ${disk.absolute("")} follow each other too fast`);
}

async function readLast(disk: Disk): Promise<{ text: string; body: CheckpointBody }> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Missing for a moment while the next one takes its place.
    const text = await disk.read(CHECKPOINT);
    if (text === undefined) continue;
    try {
      return { text, body: decodeCheckpoint(text) };
    } catch (cause) {
      throw new SidecarError("CHECKPOINT_BROKEN", `${disk.absolute(CHECKPOINT)} cannot be read`, { cause });
    }
  }
  throw new SidecarError(
    "SETTINGS_INVALID",
    `${disk.absolute("")} has no checkpoint: no sidecar has written there`,
    {
      remedy: "Name the log folder with --log-dir or SIDECAR_LOG_DIR.",
    },
  );
}

async function listFiles(disk: Disk): Promise<string[]> {
  const files: string[] = [];
  for (const top of [...CATEGORIES, ARCHIVE_FOLDER]) {
    try {
      const entries = await readdir(disk.absolute(top), { recursive: true, withFileTypes: true });
      for (const entry of entries) {
        if (entry.isFile())
          files.push(join(entry.parentPath, entry.name).slice(disk.absolute("").length).replace(/^\/+/, ""));
      }
    } catch (cause) {
      if (systemCode(cause) !== "ENOENT") throw cause;
    }
  }
  return files;
}
