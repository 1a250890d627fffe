import { basename, join } from "node:path";
import { z } from "zod";

/** What Podman's API calls its first component. */
export const PODMAN = "Podman Engine";

/** Podman's driver for files, the only one whose lines can be had with their nanoseconds. */
export const FILE_DRIVER = "k8s-file";
/** What its Docker-compatible API calls that driver. */
const COMPATIBLE_NAME = "json-file";

/** Podman's own API, of the oldest version that all later ones answer. */
export function ownInspectPath(id: string): string {
  return `/v4.0.0/libpod/containers/${id}/json`;
}

const ownInspectSchema = z.object({
  HostConfig: z.object({
    LogConfig: z.object({ Type: z.string(), Path: z.string().catch(""), Size: z.string().catch("") }),
  }),
});

/** A log as it stands in an inspect answer. */
interface LogConfig {
  readonly Type: string;
  readonly Config: Readonly<Record<string, string>>;
  readonly Path: string;
}

/**
 * A container's log, of Podman's own answer to inspect: its Docker-compatible one calls the driver otherwise and leaves the size at which
 * it is rotated out. Where a proxy refused the first, `own` is something else, and the second has to do.
 */
export function podmanLogConfig(own: unknown, { HostConfig, LogPath }: CompatibleAnswer): LogConfig {
  const parsed = ownInspectSchema.safeParse(own);
  if (parsed.success) {
    const { Type, Path, Size } = parsed.data.HostConfig.LogConfig;
    return { Type, Config: { "max-size": Size }, Path };
  }
  const Type = HostConfig.LogConfig?.Type ?? "";
  return { Type: Type === COMPATIBLE_NAME ? FILE_DRIVER : Type, Config: {}, Path: LogPath ?? "" };
}

interface CompatibleAnswer {
  readonly HostConfig: { readonly LogConfig?: { readonly Type: string } | undefined };
  readonly LogPath?: string;
}

interface PodmanLog {
  readonly id: string;
  readonly driver: string;
  /** Of the host; empty where the driver writes no file. */
  readonly logPath: string;
}

/** Why a container's lines cannot be had from Podman, and what mends that. */
export interface PodmanObstacle {
  readonly what: string;
  readonly remedy: string;
}

/** Where a container's log file is below the folder that SIDECAR_ENGINE_FILES names; an obstacle where it is not. */
export function podmanLogFile(engineFiles: string | undefined, log: PodmanLog): string | PodmanObstacle {
  const { driver, logPath } = log;
  if (driver !== FILE_DRIVER)
    return {
      what: `Podman gives the lines of its log driver ${driver} with whole seconds only`,
      remedy: `Run the container with --log-driver k8s-file, or set log_driver = "k8s-file" in containers.conf for all that are made from then on.`,
    };
  if (engineFiles === undefined)
    return {
      what: "Podman gives lines with whole seconds only, and its log files are not mounted",
      remedy:
        "Mount the folder overlay-containers of its storage read-only and name it in SIDECAR_ENGINE_FILES; see docs/PODMAN.md.",
    };
  // libpod: the container's static folder, and the name in it.
  const id = basename(log.id);
  const below = join(id, "userdata", "ctr.log");
  if (!logPath.endsWith(`/${below}`))
    return {
      what: `its log file is ${logPath}, not below the folder of Podman's containers`,
      remedy: "Make the container again without the log option path.",
    };
  return join(engineFiles, below);
}
