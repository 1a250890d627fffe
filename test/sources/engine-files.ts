import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
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
  rotate(id: string, { files = 3, compress = false } = {}): void {
    const path = this.path(id);
    if (files === 1) rmSync(path);
    else {
      for (const end of ["", ".gz"]) {
        rmSync(`${path}.${files - 1}${end}`, { force: true });
        for (let number = files - 2; number >= 1; number -= 1)
          moveThere(`${path}.${number}${end}`, `${path}.${number + 1}${end}`);
      }
      moveThere(path, `${path}.1`);
    }
    writeFileSync(path, "");
    if (!compress || files === 1) return;
    writeFileSync(`${path}.1.gz`, gzipSync(readFileSync(`${path}.1`)));
    rmSync(`${path}.1`);
  }
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
