import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import type { Message } from "./engine-log.js";
import { type Fault, refuse } from "./fake-engine.js";

/** The engine's folder of containers, written as moby writes it, until the test ends. */
export class EngineFiles {
  readonly folder = mkdtempSync(join(tmpdir(), "containers-"));

  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** The file that the engine writes to. */
  path(id: string): string {
    mkdirSync(join(this.folder, id), { recursive: true });
    return join(this.folder, id, `${id}-json.log`);
  }

  append(id: string, messages: readonly Message[]): void {
    appendFileSync(this.path(id), messages.map(entryOf).join(""));
  }

  /** Begins a new file, as at the size limit; the oldest is removed when there are more than `files`. */
  rotate(id: string, how: RotateOptions = {}): void {
    for (const _ of this.rotating(id, how));
  }

  /** The same step by step, as readers can find the folder in between. Yields behind each step what was made or removed in it, if any. */
  *rotating(id: string, { files = 3, compress = false }: RotateOptions = {}): Generator<Step> {
    const path = this.path(id);
    if (files === 1) yield remove(path);
    else {
      for (const end of ["", ".gz"]) {
        yield remove(`${path}.${files - 1}${end}`);
        for (let number = files - 2; number >= 1; number -= 1) {
          moveThere(`${path}.${number}${end}`, `${path}.${number + 1}${end}`);
          yield {};
        }
      }
      moveThere(path, `${path}.1`);
      yield {};
    }
    writeFileSync(path, "");
    yield { made: statSync(path).ino };
    if (!compress || files === 1) return;
    writeFileSync(`${path}.1.gz`, gzipSync(readFileSync(`${path}.1`)));
    yield { made: statSync(`${path}.1.gz`).ino };
    yield remove(`${path}.1`);
  }
}

interface RotateOptions {
  readonly files?: number;
  readonly compress?: boolean;
}

/** Inodes. */
export interface Step {
  readonly made?: number;
  readonly removed?: number;
}

function remove(path: string): Step {
  const step = inodeThere(path);
  rmSync(path, { force: true });
  return step;
}

function inodeThere(path: string): Step {
  const inode = statSync(path, { throwIfNoEntry: false })?.ino;
  return inode === undefined ? {} : { removed: inode };
}

/** One line of the file (moby: jsonlog.JSONLogs): Go leaves zeros at the end of the fraction out, and escapes what HTML would mind. */
export function entryOf({ ts, stream, payload }: Message): string {
  const log = JSON.stringify(payload.toString()).replace(/[<>&\u2028\u2029\ufffd]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  const time = ts.replace(/\.?0+Z$/, "Z");
  return `{"log":${log},"stream":"${stream === 1 ? "stderr" : "stdout"}","time":"${time}"}\n`;
}

function moveThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** The log API answers nothing: whatever comes, comes from the files. */
export const refuseLogs: Fault = ({ path, response }) => {
  if (!path.endsWith("/logs")) return false;
  refuse(response, 500, "no logs but those in the files");
  return true;
};
