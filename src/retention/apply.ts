import { lstat } from "node:fs/promises";
import { causeText, systemCode } from "../core/errors.js";
import type { Category } from "../core/record.js";
import type { DataFile } from "./data-file.js";
import type { Packer } from "./packing/packer.js";
import type { FileWork, Step } from "./plan.js";
import { archiveFile, compressFile, deleteFile, tidyFile } from "./steps.js";
import { parentOf, StepRefused, Workplace } from "./workplace.js";

/** A step that was taken. */
export interface StepDone {
  readonly step: Step;
  readonly path: string;
  readonly category: Category;
  /** Of the file before the step. */
  readonly bytes: number;
  /** By how much the volume is smaller now. */
  readonly freedBytes: number;
}

/** A file that could not be treated. It stays where it is, and the next run tries again. */
export interface StepFailure {
  readonly step: Step;
  readonly path: string;
  readonly why: string;
  /** The disk had no room for the compressed file. */
  readonly noRoom: boolean;
}

export interface Applied {
  readonly done: readonly StepDone[];
  readonly failures: readonly StepFailure[];
  /** It was told to stop before the end. */
  readonly aborted: boolean;
}

export interface ApplyOptions {
  readonly logDir: string;
  readonly packer: Packer;
  /** Ends the work: no step is begun any more, and what is being compressed is left plain. */
  readonly signal?: AbortSignal | undefined;
  /** Asked before each deletion: false when enough is free by now. */
  readonly goesOn?: ((freedBytes: number) => boolean) | undefined;
  /** Told after each file. */
  readonly onFile?: ((done: number, all: number, path: string) => void) | undefined;
}

const NO_ROOM = new Set(["ENOSPC", "EDQUOT"]);

/**
 * Carries out what was planned, several files side by side. What cannot be done is told and does not keep the rest from being done.
 * Whoever calls holds the retention lock. May be killed anywhere and called again with a new plan.
 */
export async function applyWork(work: readonly FileWork[], options: ApplyOptions): Promise<Applied> {
  const run = new Run(work, options);
  await run.all();
  return { done: run.done, failures: run.failures, aborted: run.aborted };
}

class Run {
  readonly done: StepDone[] = [];
  readonly failures: StepFailure[] = [];
  aborted = false;
  readonly #work: readonly FileWork[];
  readonly #options: ApplyOptions;
  readonly #place: Workplace;
  /** Compressed files that are not what their plain ones are: in the archive they would be in the way of those for ever. */
  readonly #unlike = new Set<string>();
  #next = 0;
  #finished = 0;
  #freedBytes = 0;

  constructor(work: readonly FileWork[], options: ApplyOptions) {
    this.#work = work;
    this.#options = options;
    this.#place = new Workplace(options.logDir);
  }

  async all(): Promise<void> {
    await this.#place.begin();
    while (this.#next < this.#work.length && !this.aborted) {
      const removes = isRemoval(this.#work[this.#next]!);
      // One after the other: they cost nothing, and each may be the last that is needed.
      const width = removes ? 1 : this.#options.packer.width;
      await this.#runWhile(width, (work) => isRemoval(work) === removes);
    }
    await this.#place.syncAll();
  }

  async #runWhile(width: number, fits: (work: FileWork) => boolean): Promise<void> {
    const runner = async () => {
      for (;;) {
        const work = this.#work[this.#next];
        if (work === undefined || !fits(work)) return;
        if (this.#options.signal?.aborted === true) {
          this.aborted = true;
          return;
        }
        this.#next++;
        await this.#treat(work);
        this.#options.onFile?.(++this.#finished, this.#work.length, work.file.path);
      }
    };
    await Promise.all(Array.from({ length: width }, runner));
  }

  async #treat({ file, steps }: FileWork): Promise<void> {
    let { path, bytes } = file;
    for (const step of steps) {
      if (this.#options.signal?.aborted === true) {
        this.aborted = true;
        return;
      }
      if (step === "archive" && this.#unlike.has(path)) return;
      if (step === "delete" && this.#options.goesOn?.(this.#freedBytes) === false) return;
      try {
        if (!(await this.#isThere(path))) return;
        const { path: next, bytes: left } = await this.#take(step, { ...file, path, bytes });
        const freedBytes = bytes - left;
        this.#freedBytes += freedBytes;
        this.done.push({ step, path, category: file.category, bytes, freedBytes });
        path = next;
        bytes = left;
      } catch (cause) {
        if (isAbort(cause)) {
          this.aborted = true;
          return;
        }
        if (systemCode(cause) === undefined && !(cause instanceof StepRefused)) throw cause;
        if (step === "tidy") this.#unlike.add(`${path}.gz`);
        this.failures.push({
          step,
          path,
          why: causeText(cause),
          noRoom: NO_ROOM.has(systemCode(cause) ?? ""),
        });
        return;
      }
    }
  }

  /** Somebody may have removed it since it was listed, or put a link in its place. */
  async #isThere(path: string): Promise<boolean> {
    try {
      for (const each of [parentOf(path), path]) {
        const stats = await this.#place.at(each, (reach) => lstat(reach));
        if (stats.isSymbolicLink()) throw new StepRefused(`${each} is a link`);
      }
      return true;
    } catch (cause) {
      if (systemCode(cause) === "ENOENT") return false;
      throw cause;
    }
  }

  /** Where the file is afterwards, and how many bytes of it are left. */
  async #take(step: Step, file: DataFile): Promise<{ path: string; bytes: number }> {
    const { path, bytes, companion } = file;
    if (step === "compress") {
      const packed = await compressFile(this.#place, this.#options.packer, path, this.#options.signal);
      return { path: packed.path, bytes: packed.packedBytes };
    }
    if (step === "archive") return { path: await archiveFile(this.#place, path, companion), bytes };
    if (step === "tidy") await tidyFile(this.#place, path);
    else await deleteFile(this.#place, file);
    return { path, bytes: 0 };
  }
}

function isAbort(cause: unknown): boolean {
  return cause instanceof Error && cause.name === "AbortError";
}

function isRemoval({ steps }: FileWork): boolean {
  return steps[0] === "delete" || steps[0] === "tidy";
}
