import { SidecarError } from "../core/errors.js";
import { LEVELS, type Level } from "../core/level.js";
import { levelOfWord } from "../core/level-words.js";

/** What a flag of a command holds that can't be used; `--help` of that command tells of it. */
export function invalidFlag(command: string, detail: string): SidecarError {
  return new SidecarError("SETTINGS_INVALID", detail, { remedy: `See \`log-sidecar ${command} --help\`.` });
}

/** A level in any spelling that programs have for one. @throws SidecarError SETTINGS_INVALID */
export function readLevel(command: string, name: string | undefined): Level | undefined {
  if (name === undefined) return undefined;
  const level = levelOfWord(name);
  if (level === undefined) {
    throw invalidFlag(command, `--level=${name}: expected one of ${LEVELS.join(", ")}`);
  }
  return level;
}
