import { systemCode } from "../core/errors.js";
import { standIn } from "../core/names.js";
import { folderTaken } from "../telemetry/store-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import type { Disk } from "./disk.js";
import { pass } from "./fault-points.js";
import { type Folders, parentOf } from "./folders.js";
import type { Handles } from "./handles.js";
import type { Journal } from "./journal.js";
import { type Home, type Names, seriesKey } from "./names.js";
import type { Segment } from "./segment.js";
import { Slots } from "./slots.js";
import type { Trouble } from "./trouble.js";

interface HomesOptions {
  readonly telemetry: Telemetry;
  readonly disk: Disk;
  readonly folders: Folders;
  readonly handles: Handles;
  readonly journal: Journal;
  readonly names: Names;
  readonly trouble: Trouble;
  /** Serial of the next commit to begin: the first that can know a file made now. */
  readonly nextSerial: () => number;
  /** How many files are made at once. */
  readonly parallel: number;
}

/** Gives segments their files: finds a name, notes the intent, makes the file. */
export class Homes {
  readonly #options: HomesOptions;
  readonly #slots: Slots;
  /** Folders whose names something else bears. */
  readonly #taken = new Set<string>();
  readonly #turns = new Map<string, Promise<void>>();

  constructor(options: HomesOptions) {
    this.#options = options;
    this.#slots = new Slots(options.parallel);
  }

  /** Makes the segment's file. */
  settle(segment: Segment): Promise<void> {
    const key = seriesKey(segment.spec);
    const settle = () =>
      this.#options.trouble.insist(`making a file for ${key}`, () =>
        this.#slots.run(() => this.#settle(segment)),
      );
    // Segments of a series one after the other, also when the first attempt fails: their numbers follow the order of their entries.
    const before = this.#turns.get(key);
    const done = before === undefined ? settle() : before.then(settle);
    const turn = done
      .catch(() => undefined)
      .finally(() => {
        if (this.#turns.get(key) === turn) this.#turns.delete(key);
      });
    this.#turns.set(key, turn);
    return done;
  }

  async #settle(segment: Segment): Promise<void> {
    const { names } = this.#options;
    await this.#findFolder(segment);
    const { spec } = segment;
    for (;;) {
      const home = await names.claim(spec);
      const isMade = await this.#tryToMake(segment, home);
      // A name that somebody else took stays claimed: it is not asked for again.
      if (!isMade) continue;
      // A staged file's final name is not to be seen in its folder before it is finished.
      if (home.finalPath === undefined) names.release(spec, home.part);
      segment.path = home.path;
      segment.part = home.part;
      pass("segment:created");
      return;
    }
  }

  /** Where something else bears the folder's name (a file, a link, a FIFO) the segment moves to another, so that one bad name holds nothing else up. */
  async #findFolder(segment: Segment): Promise<void> {
    const { folders, telemetry } = this.#options;
    const { folder } = segment.spec;
    try {
      await folders.ensure(folder);
    } catch (cause) {
      if (systemCode(cause) !== "ENOTDIR") throw cause;
      const other = standIn(folder);
      await folders.ensure(other);
      folderTaken(telemetry, folder, other, this.#taken.has(folder));
      this.#taken.add(folder);
      segment.moveTo(other);
    }
  }

  async #tryToMake(segment: Segment, home: Home): Promise<boolean> {
    try {
      return await this.#make(segment, home);
    } catch (cause) {
      this.#options.names.release(segment.spec, home.part);
      throw cause;
    }
  }

  /** The file is not the segment's any more. */
  leave(segment: Segment): void {
    if (segment.part !== undefined) this.#options.names.release(segment.spec, segment.part);
    segment.leaveFile();
  }

  /** False when somebody else made a file of that name in between. */
  async #make(segment: Segment, { path, finalPath }: Home): Promise<boolean> {
    const { disk, folders, handles, journal, nextSerial } = this.#options;
    const first = nextSerial();
    await journal.note(finalPath === undefined ? { path, first } : { path, finalPath, first });
    try {
      // The folder of staged files is made at the start; somebody may have removed it since.
      if (finalPath !== undefined) await folders.ensure(parentOf(path));
      handles.adopt(segment, await disk.create(path));
    } catch (cause) {
      if (systemCode(cause) !== "EEXIST") throw cause;
      // The next start must not take the other's file for ours.
      await journal.note({ path, first: 0 });
      return false;
    }
    folders.changed(parentOf(path));
    return true;
  }
}
