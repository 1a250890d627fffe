import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Which containers are collected: the sidecar's own compose project, all, or those with `log-sidecar.enable=true`. */
export type Scope = "project" | "all" | "labelled";

/** On the sidecar's own image: whatever carries it is a sidecar and is never collected. */
export const SELF_LABEL = "log-sidecar.self";

export interface ScopeRule {
  readonly scope: Scope;
  /** The compose project that `project` means. */
  readonly project: string | undefined;
  /** The sidecar's own container, when it runs in one. */
  readonly ownId: string | undefined;
}

interface Candidate {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What the container's label and environment say about being collected. */
  readonly enabled: boolean | undefined;
}

/** Whether a container is collected. `log-sidecar.enable=false` always wins. */
export function inScope(rule: ScopeRule, candidate: Candidate): boolean {
  if (candidate.id === rule.ownId || candidate.labels[SELF_LABEL] !== undefined) return false;
  if (candidate.enabled === false) return false;
  if (rule.scope === "all") return true;
  if (rule.scope === "labelled") return candidate.enabled === true;
  return rule.project !== undefined && candidate.labels["com.docker.compose.project"] === rule.project;
}

/**
 * In mountinfo: the source of the mount on /etc/hostname, which Podman has in `overlay-containers/ID/userdata`.
 * A host's own list has other mounts of containers in it.
 */
const CONTAINER_ID = /containers\/([0-9a-f]{64})\/(?:userdata\/)?(?:hostname|hosts|resolv\.conf) \/etc\//;

/**
 * Ids that may be the container this process runs in: the engine mounts /etc/hostname from the container's own
 * folder, and the host name is the id's first 12 digits unless the user chose another.
 */
export function ownContainerIds(
  readFile: (path: string) => string = (path) => readFileSync(path, "utf8"),
): string[] {
  const ids: string[] = [];
  try {
    const mounted = CONTAINER_ID.exec(readFile("/proc/self/mountinfo"));
    if (mounted?.[1]) ids.push(mounted[1]);
  } catch {
    // No /proc (macOS): then this is no container either.
  }
  if (/^[0-9a-f]{12}$/.test(hostname())) ids.push(hostname());
  return ids;
}
