import { lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { openBelow } from "../core/below.js";
import { systemCode } from "../core/errors.js";
import type { Category } from "../core/record.js";
import { nsToTime, risingNowNs } from "../core/time.js";
import { compareEntries, type Entry, mayHold, type Wanted } from "./entries.js";
import { EntryMemory } from "./entry-memory.js";
import { Followed } from "./followed.js";
import { readBytes } from "./read-bytes.js";
import { findSegment } from "./read-lines.js";
import { dateOfSegment, plainPath, type SegmentFile } from "./segments.js";
import { wholeBytes } from "./whole-bytes.js";

export interface FollowRequest {
  readonly logDir: string;
  readonly category: Category;
  readonly wanted: Wanted;
  /** All segments of the category at the start. */
  readonly segments: readonly SegmentFile[];
}

/** What one look takes at most; the next look goes on. */
const LOOK_BYTES = 32 * 1024 * 1024;
/** A file that was away so long was deleted; one that a crash took back is soon written again. */
const GONE_MS = 600_000;

/** Finds what is new in a category's files, whatever becomes of these: they grow, are cut back, compressed, moved, deleted. */
export class Follower {
  readonly #request: FollowRequest;
  readonly #followed = new Map<string, Followed>();
  readonly #memory = new EntryMemory();
  readonly #startedAt = nsToTime(risingNowNs());
  /** Everything that is there now, each open file as far as it is whole: what comes behind is news. */
  readonly segments: SegmentFile[] = [];

  private constructor(request: FollowRequest) {
    this.#request = request;
  }

  static async begin(request: FollowRequest): Promise<Follower> {
    const follower = new Follower(request);
    for (const segment of request.segments) follower.segments.push(await follower.#hold(segment));
    return follower;
  }

  /** The news since the last look, in the order of time; `more` when there is more already. */
  async look(): Promise<{ readonly news: Entry[]; readonly more: boolean }> {
    const news: Entry[] = [];
    let bytes = 0;
    let more = false;
    const seen = new Set<string>();
    for (const segment of this.#list()) {
      seen.add(segment.path);
      const followed = this.#followed.get(segment.path) ?? this.#follow(segment);
      // Many files are asked each time: one by one and at once that takes a tenth of what promises take.
      const state = lstatSync(join(this.#request.logDir, segment.path), { throwIfNoEntry: false });
      if (state === undefined || !state.isFile() || !followed.look(state)) continue;
      if (bytes >= LOOK_BYTES) {
        more = true;
        continue;
      }
      const before = followed.readBytes;
      for (const entry of (await unlessGone(followed.read())) ?? []) news.push(entry);
      bytes += followed.readBytes - before;
      more ||= followed.readBytes > before && followed.readBytes < state.size;
    }
    for (const [path, followed] of this.#followed) {
      if (seen.has(path)) continue;
      // One by one: what a whole segment holds is more than a call takes arguments.
      for (const entry of await this.#lastNews(followed)) news.push(entry);
    }
    return { news: news.sort(compareEntries), more };
  }

  async #hold(segment: SegmentFile): Promise<SegmentFile> {
    const { logDir, category } = this.#request;
    const isActive = segment.path === plainPath(segment.path);
    if (!isActive || dateOfSegment(segment.path, category) === undefined) return segment;
    const state = lstatSync(join(logDir, segment.path), { throwIfNoEntry: false });
    if (state === undefined) return segment;
    const endBytes = await wholeBytes(logDir, segment, state.size);
    const held = { ...segment, endBytes };
    this.#follow(held).look({ ...state, size: endBytes });
    return held;
  }

  #follow(segment: SegmentFile): Followed {
    const { logDir, wanted } = this.#request;
    const startedAt = this.#startedAt;
    const followed = new Followed({ logDir, segment, wanted, startedAt, memory: this.#memory });
    this.#followed.set(segment.path, followed);
    return followed;
  }

  /** The files that may grow: neither in the archive nor compressed. */
  #list(): SegmentFile[] {
    const { logDir, category, wanted } = this.#request;
    const segments: SegmentFile[] = [];
    for (const entry of readFolder(join(logDir, category))) {
      const path = relative(logDir, join(entry.parentPath, entry.name));
      const date = entry.isFile() && !path.endsWith(".gz") ? dateOfSegment(path, category) : undefined;
      if (date !== undefined && mayHold({ path, date }, category, wanted)) segments.push({ path, date });
    }
    return segments;
  }

  /** A file that is not in its place: what retention made of it is read to its end. */
  async #lastNews(followed: Followed): Promise<Entry[]> {
    const { logDir } = this.#request;
    const { path } = followed.segment;
    const now = await findSegment(logDir, path);
    if (now === undefined) {
      if (followed.vanish() > GONE_MS) this.#followed.delete(path);
      return [];
    }
    // It is back already, as after a start of the sidecar: the next look sees to it.
    if (now === path) return [];
    this.#followed.delete(path);
    const size = await unlessGone(textBytes(logDir, now));
    if (size === followed.readBytes % 2 ** 32) return [];
    return (await unlessGone(followed.finish(now))) ?? [];
  }
}

/** Undefined for a file that somebody took away between two looks. */
async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return undefined;
    throw cause;
  }
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return [];
    throw cause;
  }
}

/** Bytes of text in a file; of a compressed one modulo 2^32, as its last four bytes have it (RFC 1952, ISIZE). */
async function textBytes(logDir: string, path: string): Promise<number> {
  const file = await openBelow(logDir, path);
  try {
    const { size } = await file.stat();
    if (!path.endsWith(".gz")) return size;
    const last = await readBytes(file, Math.max(0, size - 4), size);
    return last.length === 4 ? last.readUInt32LE() : 0;
  } finally {
    await file.close();
  }
}
