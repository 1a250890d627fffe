import { accessSync, constants } from "node:fs";
import { causeText, ERRORS } from "../core/errors.js";
import { ask } from "../sources/docker/ask.js";
import type { EngineAddress } from "../sources/docker/engine.js";
import { ownInspectPath, podmanLogConfig, podmanLogFile } from "../sources/docker/podman.js";
import { readRotation } from "../sources/docker/rotation.js";
import type { Finding } from "./finding.js";
import type { Sibling } from "./sibling.js";

/** Whether a container of Podman has a log that can be read where its files are mounted, and one that ends. */
export async function podmanFindings(
  address: EngineAddress,
  sibling: Sibling,
  engineFiles: string | undefined,
): Promise<Finding[]> {
  const name = sibling.Name.replace(/^\//, "");
  const { body } = await ask(address, ownInspectPath(sibling.Id));
  const { Type: driver, Config, Path: logPath } = podmanLogConfig(body, sibling);
  const path = podmanLogFile(engineFiles, { id: sibling.Id, driver, logPath });
  if (typeof path !== "string") return [uncollected(name, path.what, path.remedy)];
  const trouble = sibling.State.Running ? unreadable(path) : undefined;
  if (trouble !== undefined)
    return [uncollected(name, `its log file cannot be read: ${trouble}`, ERRORS.PODMAN_LOG.remedy)];
  return readRotation(driver, Config).rotateBytes === undefined ? [endless(name)] : [];
}

/** Why a file cannot be read; one that was never started has none yet. */
function unreadable(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (cause) {
    return causeText(cause);
  }
}

function uncollected(name: string, why: string, remedy: string): Finding {
  return {
    id: "podman-log",
    level: "error",
    what: `${name}: ${why}`,
    why: "Its lines are not collected.",
    remedy,
  };
}

function endless(name: string): Finding {
  return {
    id: "no-rotation",
    level: "warning",
    what: `${name}: Podman keeps its log in one file that is not known to end`,
    why: "One day it fills the disk, unless log_size_max in containers.conf is set.",
    remedy: "Make the container again with --log-opt max-size=50mb",
  };
}
