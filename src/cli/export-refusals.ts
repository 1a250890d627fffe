import { stat } from "node:fs/promises";
import { SidecarError } from "../core/errors.js";

/** A file could be written beside it, but not take its place: that would show when the manifest has its name already. */
export async function refuseFolder(path: string): Promise<void> {
  // What else is wrong with it shows when it is written.
  const state = await stat(path).catch(() => undefined);
  if (state?.isDirectory() === true) {
    throw new SidecarError("EXPORT_FAILED", `${path} is a folder`, {
      remedy: "Choose another name for --out, or move it away.",
    });
  }
}

/** Ctrl-C. */
export function brokenOff(): SidecarError {
  return new SidecarError("EXPORT_FAILED", "The export was broken off", {
    remedy: "Nothing of it is left; start it again.",
  });
}

/** What went wrong with an export that has no code yet. */
export function unwritable(out: string, cause: unknown): SidecarError {
  return new SidecarError("EXPORT_FAILED", `${out} cannot be written`, {
    cause,
    remedy: "See the cause: the folder must be there with space in it. Less can be asked for with --since.",
  });
}
