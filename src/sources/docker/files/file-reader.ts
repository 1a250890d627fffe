import { accessSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Position } from "../../position.js";
import { Alarm } from "../alarm.js";
import type { ReaderOptions, RunState } from "../reader-options.js";
import { nextSeek, type Seek } from "../resume.js";
import type { WatchedContainer } from "../watched-container.js";
import { Idle } from "./idle.js";
import { Intake } from "./intake.js";
import { LogFiles } from "./log-files.js";
import type { LogFormat } from "./log-format.js";
import { findPlace } from "./place.js";
import { Reading } from "./reading.js";
import { RunEnds } from "./run-ends.js";

/** How often it is asked whether the container still runs, should nobody have told that it does not. */
const ASK_MS = 10_000;

/** The name of the file that is written to is free for a moment at each rotation: so long, and looked for so often. */
const RENAMING_MS = 2_000;
const RENAMING_LOOK_MS = 2;

/** Why lines are missing, as it stands in the gap's record. */
const REMOVED = "the container was removed before its log was opened";

/** Where a container's log is, and in which form. */
export interface LogPlace {
  /** The file that the engine writes to. */
  readonly path: string;
  readonly format: LogFormat;
}

type FileReaderOptions = Pick<
  ReaderOptions,
  "watched" | "position" | "sink" | "maxLineBytes" | "createJoiners" | "inspectState"
>;

/** Reads one container from its log files for as long as it exists. The engine is only asked whether it runs. */
export class FileReader {
  readonly #path: string;
  readonly #format: LogFormat;
  readonly #options: FileReaderOptions;
  readonly #alarm = new Alarm();
  readonly #idle: Idle;
  #stop: () => void = () => undefined;
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve;
  });
  #isStopped = false;
  #watched: WatchedContainer;
  #position: Position;
  #waiting = false;
  /** Something may have happened to the container since its state was asked for. */
  #stale = true;
  #askedMs = 0;
  readonly #runEnds = new RunEnds();

  constructor({ path, format }: LogPlace, options: FileReaderOptions) {
    this.#path = path;
    this.#format = format;
    this.#options = options;
    this.#watched = options.watched;
    this.#position = options.position;
    this.#idle = new Idle(dirname(path), this.#alarm);
  }

  get position(): Position {
    return this.#position;
  }

  get waiting(): boolean {
    return this.#waiting;
  }

  stop(): void {
    this.#isStopped = true;
    this.#stop();
    this.#alarm.ring();
  }

  /** `runEnd`: when a run of the container ended, where the log itself does not tell. */
  wake(runEnd?: string): void {
    if (runEnd !== undefined) this.#runEnds.add(runEnd);
    this.#stale = true;
    this.#alarm.ring();
  }

  rename(watched: WatchedContainer): void {
    this.#watched = watched;
  }

  /**
   * Resolves when the container is gone and was read to its end, or `stop` was called.
   * @throws what the system says when the files cannot be read; the log API may go on from `position`
   */
  async run(): Promise<"gone" | "stopped"> {
    let seek: Seek = { by: "place", tailMessages: 0 };
    try {
      for (;;) {
        const files = await this.#open();
        if (files === "stopped" || files === "gone") return files;
        try {
          const end = await this.#readFrom(files, seek);
          if (end !== "lost") return end;
        } finally {
          files.close();
        }
        seek = nextSeek(seek);
      }
    } finally {
      this.#idle.close();
    }
  }

  /** `gone` when there is no log and will be none. A container that was never started has no log yet. */
  async #open(): Promise<LogFiles | "gone" | "stopped"> {
    const { rotateBytes, maxFiles } = this.#watched;
    const { rules } = this.#format;
    const options = {
      path: this.#path,
      rules,
      rotateBytes,
      maxFiles,
      removedBytes: removedBytes(rotateBytes),
    };
    for (let missingMs = 0, never = false; !this.#isStopped; ) {
      const files = LogFiles.open(options);
      if (files !== undefined) return files;
      const state = await this.#askState();
      if (state === "gone") {
        if (!never) await this.#tellRemoved();
        return "gone";
      }
      const folder = isFolder(dirname(this.#path));
      if (state === "stopped" && folder) {
        never = true;
        await this.#untilWoken();
        continue;
      }
      missingMs ||= Date.now();
      // Throws, unless it is there by now.
      if (!folder || Date.now() - missingMs > RENAMING_MS) accessSync(this.#path);
      await this.#alarm.pause(RENAMING_LOOK_MS);
    }
    return "stopped";
  }

  /** Nothing of it was read, or nothing since the last start of this process. */
  async #tellRemoved(): Promise<void> {
    const intake = this.#createIntake({ by: "nothing", tailMessages: 0 });
    intake.missed(REMOVED);
    await intake.finish("removed");
  }

  async #readFrom(files: LogFiles, seek: Seek): Promise<"gone" | "stopped" | "lost"> {
    const { readEntry } = this.#format;
    const place = seek.by === "place" ? findPlace(files, this.#position, readEntry) : undefined;
    if (seek.by === "place" && place === undefined && this.#position.taken > 0) return "lost";
    if (place !== undefined) files.skipTo(place);
    else if (this.#position.taken === 0) files.wantSince(this.#wantedMs);
    const offset = place === undefined ? 0 : this.#position.file!.offset;
    const intake = this.#createIntake(seek);
    const reading = new Reading({ files, intake, form: this.#format, offset, stopped: this.#stopped });
    let state: RunState = "running";
    while (!this.#isStopped) {
      const step = await reading.step();
      if (intake.lost) return "lost";
      if (step === "read") this.#idle.busy();
      else if (!intake.found) return "lost";
      else if (state === "gone") {
        reading.end();
        await reading.settle(intake.finish("removed"));
        return "gone";
      } else if (state === "stopped") {
        await reading.settle(intake.finish("ended"));
        await this.#untilWoken();
        state = "running";
      } else state = await this.#wait(reading, intake);
    }
    return "stopped";
  }

  /** From when on its lines are wanted, as far as that is known: what it printed before its last start may have been removed long ago. */
  get #wantedMs(): number {
    const startedMs = Date.parse(this.#watched.startedAt);
    if (!(startedMs > 0)) return Number.NaN;
    return Math.max(startedMs, Date.parse(this.#position.floor) || 0);
  }

  /** All was read: hands on what was held back, looks after the container, and waits for more. */
  async #wait(reading: Reading, intake: Intake): Promise<RunState> {
    if (this.#stale || Date.now() - this.#askedMs > ASK_MS) {
      const state = await this.#askState();
      // What it printed before it ended is read first.
      if (state !== "running") return state;
    }
    await reading.settle(intake.quiet());
    await this.#idle.pause(intake.pending);
    return "running";
  }

  async #untilWoken(): Promise<void> {
    this.#waiting = true;
    while (!this.#stale && !this.#isStopped) await this.#alarm.untilRung();
    this.#waiting = false;
  }

  async #askState(): Promise<RunState> {
    this.#stale = false;
    this.#askedMs = Date.now();
    try {
      return await this.#options.inspectState(this.#watched.container.id);
    } catch {
      // The engine is away, which is told elsewhere; its files can be read all the same.
      return "running";
    }
  }

  #createIntake(seek: Seek): Intake {
    const { sink, maxLineBytes, createJoiners } = this.#options;
    return new Intake({
      seek,
      sink,
      maxLineBytes,
      joiners: createJoiners(),
      runEnds: this.#runEnds,
      container: () => this.#watched.container,
      position: this.#position,
      moved: (position) => {
        this.#position = position;
      },
    });
  }
}

/** As much as the engine itself may hold of a log with the usual few files, and something for very small ones. */
function removedBytes(rotateBytes: number | undefined): number {
  return Math.max(32_000_000, 3 * (rotateBytes ?? 0));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
