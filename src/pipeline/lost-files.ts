import { namedContainer } from "../core/container.js";
import type { LineBatch } from "../core/source.js";

/** Of all files that belong to no component. */
const VOLUME = "log-sidecar";

/**
 * A gap for each file that did not fit the checkpoint at the start (missing, or shorter than committed: a copy of a volume that was made while
 * it was written to). What stood there was read and is not read again, so it is told where one looks for it: a raw file's gap stands under
 * its component.
 */
export function gapsOf(lost: readonly { readonly path: string; readonly why: string }[]): LineBatch[] {
  return lost.map(({ path, why }) => {
    const [category, folder] = path.split("/");
    const name = category === "raw" && folder !== undefined ? folder : VOLUME;
    return {
      container: namedContainer("volume", name),
      lines: [],
      bytes: 0,
      gap: { from: undefined, to: undefined, why: `${path} ${why}` },
      position: undefined,
      state: "ended",
    };
  });
}
