import { accessSync } from "node:fs";
import { dirname } from "node:path";
import { SidecarError } from "../../../core/errors.js";
import type { LineSink } from "../../../core/source.js";
import type { AssemblerOptions } from "../../assembler.js";
import type { Position } from "../../position.js";
import { podmanLogFile } from "../podman.js";
import type { WatchedContainer } from "../watched-container.js";
import { FileReader } from "./file-reader.js";
import { K8S_FILE } from "./log-format.js";

interface HeldFileOptions extends AssemblerOptions {
  readonly position: Position;
  readonly sink: LineSink;
}

/**
 * Shows every line that stands in a container's log file of Podman.
 * @throws SidecarError PODMAN_LOG where there is no file, or it cannot be read
 */
export async function readHeldFile(
  watched: WatchedContainer,
  engineFiles: string | undefined,
  { joiners, ...options }: HeldFileOptions,
): Promise<void> {
  const { container, logDriver: driver, logPath } = watched;
  const path = podmanLogFile(engineFiles, { id: container.id, driver, logPath });
  if (typeof path !== "string") throw new SidecarError("PODMAN_LOG", path.what, path);
  const reader = new FileReader(
    { path, format: K8S_FILE },
    // Of a container that is gone, all that was printed is read, and nothing is waited for.
    { ...options, watched, createJoiners: () => joiners, inspectState: () => Promise.resolve("gone") },
  );
  try {
    // A container that was never started has its folder, and no log in it.
    accessSync(dirname(path));
    await reader.run();
  } catch (cause) {
    throw new SidecarError("PODMAN_LOG", `the log file of container ${container.name} cannot be read`, {
      cause,
    });
  }
}
