import type { Container } from "../core/container.js";
import { causeText } from "../core/errors.js";
import type { Telemetry } from "./telemetry.js";

/** What happens to the sidecar as a whole. */
export function sidecarStarted(telemetry: Telemetry, settings: object): void {
  telemetry.log.info({ settings }, "the sidecar has started");
}

/** Said once, at the start. */
export function secretsKept(telemetry: Telemetry): void {
  telemetry.log.warn(
    "secrets are not redacted (SIDECAR_REDACT=off): passwords, tokens and keys that apps print are stored as they are",
  );
}

export function sidecarStopping(telemetry: Telemetry, signal: string): void {
  telemetry.log.info({ signal }, "stopping: what was read is being written");
}

export function sidecarStopped(telemetry: Telemetry): void {
  telemetry.log.info("the sidecar has stopped; everything that was read is committed");
}

/** Somebody wanted everything committed that was read. */
export function flushed(telemetry: Telemetry, why: string, report: object): void {
  telemetry.log.info({ why, ...report }, "everything that was read is committed");
}

export function flushFailed(telemetry: Telemetry, why: string, cause: unknown): void {
  telemetry.log.error({ why }, causeText(cause));
}

/** Windows that are not over at a stop stay in the checkpoint. */
export function windowsKept(telemetry: Telemetry, groups: number): void {
  if (groups === 0) return;
  telemetry.log.info(
    { groups },
    "windows that are not over are kept in the checkpoint; the next start goes on with them",
  );
}

export function diskSpace(telemetry: Telemetry, free: number, size: number): void {
  telemetry.log.info({ freeBytes: free, sizeBytes: size }, "space on the disk of the log folder");
}

/** Makes the function that reports a container's label `log-sidecar.<label>`, once however often it is read. */
export function badLabel(
  telemetry: Telemetry,
  label: string,
): (container: Container, problem: unknown) => void {
  const told = new WeakSet<Container>();
  return (container, problem) => {
    if (told.has(container)) return;
    told.add(container);
    telemetry.counters.add("label_errors_total");
    const text = problem instanceof Error ? problem.message : String(problem);
    telemetry.log.warn(
      { container: container.name, label: `log-sidecar.${label}` },
      `${text}; the default is used`,
    );
  };
}

/** A program gets sockets to write to, because no pipe could be made: it can't open /dev/stdout. */
export function noPipe(telemetry: Telemetry, cause: unknown): void {
  telemetry.log.warn(
    `no pipe could be made for the program, which can't open /dev/stdout or /dev/stderr now: ${causeText(cause)}`,
  );
}

/** The module of the fast lane is not there, or this Node cannot run it. */
export function laneMissing({ log }: Telemetry): void {
  log.warn("the fast lane cannot be opened: all lines go the long way, which takes more CPU");
}
