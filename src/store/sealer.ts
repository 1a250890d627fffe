import { type Finish, manifestOf } from "../core/segment.js";
import { sealFailed, segmentsSealed } from "../telemetry/store-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import type { Disk } from "./disk.js";
import { pass } from "./fault-points.js";
import { type Folders, parentOf } from "./folders.js";
import type { Handles } from "./handles.js";
import { type Names, pathOf } from "./names.js";
import { TEMPORARY_FOLDER } from "./places.js";
import { Slots } from "./slots.js";
import type { StagedBook, StagedFile } from "./staged.js";
import type { Trouble } from "./trouble.js";
import type { Writer } from "./writer.js";

interface SealerOptions {
  readonly disk: Disk;
  readonly folders: Folders;
  readonly handles: Handles;
  readonly names: Names;
  readonly trouble: Trouble;
  readonly writer: Writer;
  readonly telemetry: Telemetry;
  readonly staged: StagedBook;
  /** Called when a finished file stands in its place and a commit should say so. */
  readonly onSealed: () => void;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

/** Turns frozen staged files into finished ones, one at a time. A file that cannot be finished is kept and tried again. */
export class Sealer {
  readonly #options: SealerOptions;
  readonly #finishers = new Map<string, Finish>();
  readonly #frozen = new Set<StagedFile>();
  readonly #attempts = new Map<StagedFile, Promise<void>>();
  readonly #retries = new Map<StagedFile, { timer: NodeJS.Timeout; pauseMs: number }>();
  readonly #oneByOne = new Slots(1);
  #isStopped = false;
  #untilMs = Number.POSITIVE_INFINITY;

  constructor(options: SealerOptions) {
    this.#options = options;
  }

  /** How files of an extension are finished; those that waited for it are finished now. */
  register(extension: string, finish: Finish): void {
    const isFirst = !this.#finishers.has(extension);
    this.#finishers.set(extension, finish);
    if (!isFirst) return;
    for (const file of this.#frozen) if (file.spec.extension === extension) void this.#attempt(file);
  }

  frozen(file: StagedFile): void {
    this.#frozen.add(file);
    void this.#attempt(file);
  }

  /** Tries once to finish everything that is frozen; from `untilMs` on (of `performance.now`) nothing more is begun. */
  async sealAll(untilMs: number): Promise<void> {
    this.#untilMs = untilMs;
    await Promise.all([...this.#frozen].map((file) => this.#attempt(file)));
  }

  stop(): void {
    this.#isStopped = true;
    for (const { timer } of this.#retries.values()) clearTimeout(timer);
  }

  #attempt(file: StagedFile): Promise<void> {
    let attempt = this.#attempts.get(file);
    if (attempt === undefined) {
      attempt = this.#oneByOne.run(() => this.#try(file)).finally(() => this.#attempts.delete(file));
      this.#attempts.set(file, attempt);
    }
    return attempt;
  }

  /** Never throws: what fails is said and tried again. */
  async #try(file: StagedFile): Promise<void> {
    const finish = this.#finishers.get(file.spec.extension);
    if (finish === undefined || !this.#frozen.has(file) || performance.now() >= this.#untilMs) return;
    clearTimeout(this.#retries.get(file)?.timer);
    try {
      await this.#seal(file, finish);
      this.#retries.delete(file);
    } catch (cause) {
      sealFailed(this.#options.telemetry, file.segment.path ?? file.spec.folder, cause);
      this.#retryLater(file);
    }
  }

  async #seal(file: StagedFile, finish: Finish): Promise<void> {
    const { disk, folders, handles, names, trouble, writer, telemetry } = this.#options;
    const { segment } = file;
    await writer.write(segment, segment.encode());
    // Behind the write, which may have moved it to another folder.
    const { spec } = segment;
    pass("seal:frozen");
    const source = segment.path ?? "";
    const part = segment.part ?? 0;
    const target = pathOf(spec, part);
    const temporary = `${TEMPORARY_FOLDER}/${spec.stem}_${spec.date}_${part}${spec.extension}`;
    await trouble.insist(`finishing ${target}`, async () => {
      // Not the system's refusal, which would be asked again before any other file is finished.
      if ((await disk.size(source)) === undefined) throw new Error("somebody removed it");
      await folders.ensure(TEMPORARY_FOLDER);
      await disk.remove(temporary);
      const manifest = await finish(disk.absolute(source), disk.absolute(temporary));
      pass("seal:finished");
      await this.#publish(temporary, target, manifest);
    });
    pass("seal:durable");
    this.#frozen.delete(file);
    this.#options.staged.leave(file);
    names.release(spec, part);
    await handles.close(segment);
    segmentsSealed(telemetry, spec.category, 1);
    this.#options.onSealed();
  }

  /**
   * Nothing of the finished file is seen under its name before all of it is durable, nor before its manifest is there. A kill between the two
   * leaves a manifest alone, which the next start removes: the staged file is still in the checkpoint, and both are made again.
   */
  async #publish(temporary: string, target: string, manifest: string | undefined): Promise<void> {
    const { disk, folders } = this.#options;
    const made = await disk.open(temporary);
    try {
      await made.restrict();
      await made.datasync();
    } finally {
      await made.close();
    }
    if (manifest !== undefined) await this.#writeManifest(manifestOf(temporary), manifest);
    pass("seal:synced");
    await folders.ensure(parentOf(target));
    if (manifest !== undefined) await disk.rename(manifestOf(temporary), manifestOf(target));
    pass("seal:manifest-renamed");
    await disk.rename(temporary, target);
    pass("seal:renamed");
    await disk.syncFolder(parentOf(target));
    await folders.sync();
  }

  async #writeManifest(path: string, text: string): Promise<void> {
    const { disk } = this.#options;
    await disk.remove(path);
    const file = await disk.create(path);
    try {
      await file.write([Buffer.from(text)], 0);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  #retryLater(file: StagedFile): void {
    if (this.#isStopped) return;
    const pauseMs = Math.min((this.#retries.get(file)?.pauseMs ?? FIRST_RETRY_MS / 2) * 2, LONGEST_RETRY_MS);
    const timer = setTimeout(() => void this.#attempt(file), pauseMs);
    timer.unref();
    this.#retries.set(file, { timer, pauseMs });
  }
}
