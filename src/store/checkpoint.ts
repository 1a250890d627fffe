import { createHash } from "node:crypto";
import { SidecarError, systemCode } from "../core/errors.js";
import { manifestOf, type SeriesSpec, type StagedSpec } from "../core/segment.js";
import { checkpointBroken } from "../telemetry/store-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { type Disk, GONE } from "./disk.js";
import { pass } from "./fault-points.js";
import { pathOf } from "./names.js";
import { CHECKPOINT, FORMER_CHECKPOINT, isOurs, STORE_FOLDER } from "./places.js";
import { isSystemError } from "./trouble.js";

/** One file at a commit. Everything behind `length` is uncommitted. */
export interface SegmentEntry<Spec = SeriesSpec> {
  readonly path: string;
  readonly part: number;
  /** Bytes. */
  readonly length: number;
  readonly closed: boolean;
  readonly spec: Spec;
}

/** A staged file: while it stands in a checkpoint, the finished file of its number is to be made again. */
export interface StagedEntry extends SegmentEntry<StagedSpec> {
  readonly entries: number;
  /** When its first entry came, milliseconds since 1970. */
  readonly firstMs: number;
}

/** A staged file whose finished file is committed. It is removed when no kept checkpoint names it any more. */
export interface RetiredEntry {
  readonly path: string;
  /** The first commit without it. */
  readonly serial: number;
}

export interface CheckpointHead {
  /** Rises by one or more with each commit. */
  readonly serial: number;
  /** For people who look into the file. */
  readonly at: string;
  readonly segments: readonly SegmentEntry[];
  readonly staged: readonly StagedEntry[];
  readonly retired: readonly RetiredEntry[];
}

export interface CheckpointBody extends CheckpointHead {
  readonly parts: Readonly<Record<string, unknown>>;
}

const VERSION = 1;
const START = /^\{"version":(\d+),"sha256":"([0-9a-f]{64})","body":/;
const END = "}\n";

/** All paths that a start from this checkpoint may cut, remove or make. */
export function pathsOf(head: CheckpointHead): Set<string> {
  const paths = new Set<string>();
  for (const { path } of head.segments) paths.add(path);
  for (const { path, spec, part } of head.staged) {
    const finalPath = pathOf(spec, part);
    paths.add(path).add(finalPath).add(manifestOf(finalPath));
  }
  return paths;
}

/** The text of a checkpoint: one JSON object with the SHA-256 of its body. `parts` are JSON texts by name. */
export function encodeCheckpoint(head: CheckpointHead, parts: ReadonlyMap<string, string>): string {
  const members: string[] = [];
  for (const [name, text] of parts) members.push(`${JSON.stringify(name)}:${text}`);
  // Spliced, because the parts were turned into text at the beginning of the commit and are its largest piece.
  const body = `${JSON.stringify(head).slice(0, -1)},"parts":{${members.join(",")}}}`;
  return `{"version":${VERSION},"sha256":"${hashOf(body)}","body":${body}${END}`;
}

/** Throws an error that says why a text is no checkpoint. */
export function decodeCheckpoint(text: string): CheckpointBody {
  const start = START.exec(text);
  if (start === null || !text.endsWith(END)) throw new Error("it is no whole checkpoint");
  if (Number(start[1]) !== VERSION)
    throw new Error(`it is of version ${start[1]}, this program reads ${VERSION}`);
  const body = text.slice(start[0].length, -END.length);
  if (hashOf(body) !== start[2]) throw new Error("its checksum is wrong");
  const decoded = JSON.parse(body) as CheckpointBody;
  const stray = [...pathsOf(decoded), ...decoded.retired.map(({ path }) => path)].find(
    (path) => !isOurs(path),
  );
  if (stray !== undefined)
    throw new Error(`it names ${JSON.stringify(stray)}, which is no file of the store`);
  return decoded;
}

function hashOf(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

/** The checkpoints of a log folder that can be read, the latest first. */
export async function readCheckpoints(disk: Disk, onBroken: (path: string, why: string) => void) {
  const bodies: CheckpointBody[] = [];
  for (const path of [CHECKPOINT, FORMER_CHECKPOINT]) {
    try {
      const text = await disk.read(path);
      if (text === undefined) continue;
      bodies.push(decodeCheckpoint(text));
    } catch (cause) {
      // What refuses now (EIO) may give it the next time; what is a FIFO or a link never does.
      if (isSystemError(cause) && !GONE.has(systemCode(cause) ?? "")) throw cause;
      onBroken(path, cause instanceof Error ? cause.message : String(cause));
    }
  }
  return bodies;
}

/**
 * What to go on from: the checkpoint and the one before it, as far as they can be read. A broken one is set aside.
 * @throws SidecarError CHECKPOINT_BROKEN when there was one and none can be read: starting anew would write again
 * all that the engine holds, so a person has to decide.
 */
export async function loadCheckpoints(disk: Disk, telemetry: Telemetry): Promise<CheckpointBody[]> {
  const broken = new Map<string, string>();
  const bodies = await readCheckpoints(disk, (path, why) => {
    checkpointBroken(telemetry, path, why);
    broken.set(path, why);
  });
  if (bodies.length === 0 && broken.size > 0) {
    throw new SidecarError(
      "CHECKPOINT_BROKEN",
      `No checkpoint in ${disk.absolute(STORE_FOLDER)} can be read (${[...broken].map((each) => each.join(": ")).join("; ")})`,
      {
        remedy:
          `To start anew, remove ${disk.absolute(STORE_FOLDER)}/checkpoint*.json: no file is touched, and the lines that the engine ` +
          "still holds are written again to new ones.",
      },
    );
  }
  // Only when there is another to go on from: the next start must find it broken too, and not begin anew.
  if (broken.has(CHECKPOINT)) {
    const time = new Date().toISOString().replaceAll(":", "");
    await disk.rename(CHECKPOINT, `${STORE_FOLDER}/checkpoint.broken-${time}.json`);
  }
  return bodies;
}

/** Replaces the checkpoint and keeps the former one; at each instant one of the two is whole. May be tried again. */
export async function saveCheckpoint(disk: Disk, text: string): Promise<void> {
  const temporary = `${CHECKPOINT}.new`;
  await disk.remove(temporary);
  const file = await disk.create(temporary);
  try {
    await file.write([Buffer.from(text)], 0);
    pass("checkpoint:written");
    await file.datasync();
  } finally {
    await file.close();
  }
  pass("checkpoint:synced");
  try {
    await disk.rename(CHECKPOINT, FORMER_CHECKPOINT);
  } catch (cause) {
    // The first one, or an attempt before this one came so far.
    if (systemCode(cause) !== "ENOENT") throw cause;
  }
  pass("checkpoint:former-kept");
  await disk.rename(temporary, CHECKPOINT);
  pass("checkpoint:replaced");
  await disk.syncFolder(STORE_FOLDER);
  pass("checkpoint:durable");
}
