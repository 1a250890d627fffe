import type { Container } from "../core/container.js";
import { causeText, SidecarError } from "../core/errors.js";
import type { Telemetry } from "./telemetry.js";
import { WatchedNow } from "./watched-now.js";

const TELL_AGAIN_MS = 60_000;

/** What happens while containers are followed: each function writes its log line, counts, and keeps what is known now. */
export class DockerEvents {
  readonly watching = new WatchedNow();
  readonly #telemetry: Telemetry;
  #engine = "the engine";
  /** An engine that stays away is told once a minute, not at each try. */
  #toldLost = "";
  #toldLostMs = 0;

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  /** `engine`: its name as it gives it itself, such as `Podman Engine`. */
  engineFound(address: string, engine: string, version: string, scope: string): void {
    this.#toldLost = "";
    this.#engine = `${engine} ${version}`;
    this.watching.version = version;
    this.#telemetry.log.info({ address, version, scope }, `connected to the ${engine}`);
  }

  noProject(): void {
    this.#telemetry.log.warn(
      "the scope is `project`, but this sidecar runs in no compose project: no container is collected; set SIDECAR_SCOPE to all or labelled",
    );
  }

  engineLost(error: SidecarError, retryMs: number): void {
    this.#telemetry.counters.add("engine_failures_total");
    this.watching.trouble = error.detail;
    if (error.message === this.#toldLost && Date.now() - this.#toldLostMs < TELL_AGAIN_MS) return;
    this.#toldLost = error.message;
    this.#toldLostMs = Date.now();
    this.#telemetry.log.warn(
      { code: error.code, retryMs: Math.round(retryMs) },
      `${error.message} It is tried again and again.`,
    );
  }

  following(container: Container, from: string): void {
    this.watching.follow(container);
    this.#telemetry.log.info(
      { container: container.name, id: shortId(container), from },
      "collecting a container",
    );
  }

  finished(container: Container): void {
    this.watching.containers.delete(container.id);
    this.#telemetry.log.info(
      { container: container.name, id: shortId(container) },
      "a container is gone and read to its end",
    );
  }

  /** Following was given up for snapshots: ordinary at log rotation, so it is not a warning. */
  doubted(container: Container, why: string): void {
    this.#telemetry.counters.add("snapshots_total", 1, why);
    this.#telemetry.counters.add("stream_reconnects_total", 1, why);
    this.#telemetry.log.debug({ container: container.name, why }, "reading a snapshot instead of following");
  }

  /** The engine has sent a line a second time, as it does at log rotation up to 20.10. */
  resent(): void {
    this.#telemetry.counters.add("resent_lines_total");
  }

  /** The log was read beside the stream because the engine might have passed lines over; `missed`: it had. */
  looked(container: Container, missed: boolean): void {
    const found = missed ? "skip" : "nothing";
    this.#telemetry.counters.add("looks_total", 1, found);
    this.#telemetry.log.debug({ container: container.name, found }, "looked into the log beside the stream");
  }

  streamFailed(container: Container, cause: string): void {
    this.#telemetry.counters.add("stream_errors_total");
    this.#telemetry.counters.add("stream_reconnects_total", 1, "error");
    this.#telemetry.log.warn({ container: container.name, cause }, "a log stream failed and is tried again");
  }

  unreadable(container: Container, driver: string, cause: unknown): void {
    const times = cause instanceof SidecarError && cause.code === "ENGINE_TIMES";
    const why = times ? `${this.#engine} does not give their times in nanoseconds` : `log driver ${driver}`;
    const error = new SidecarError(
      times ? "ENGINE_TIMES" : "LOG_DRIVER_UNREADABLE",
      `the lines of container ${container.name} cannot be collected: ${why}`,
      // Of an error of our own only what happened: its remedy is for another case.
      { cause: cause instanceof SidecarError ? cause.detail : causeText(cause) },
    );
    this.watching.giveUp(container);
    this.#telemetry.counters.add("containers_unreadable_total");
    this.#telemetry.log.error({ code: error.code, container: container.name }, error.message);
  }

  /** A container's log files cannot be read: the log API takes their place. */
  filesUnreadable(container: Container, cause: unknown): void {
    const detail = `the log file of container ${container.name} cannot be read`;
    const error = new SidecarError("ENGINE_FILES", detail, { cause });
    this.#telemetry.counters.add("engine_files_failed_total");
    this.#telemetry.log.warn({ code: error.code, container: container.name }, error.message);
  }

  /** The log files that could not be read can be: the log API has stood in for them. */
  filesReadable(container: Container): void {
    this.#telemetry.log.info({ container: container.name }, "its log files can be read again");
  }

  /** The lines of a container of Podman cannot be had, unless someone changes how it or the sidecar is run. */
  podmanUnreadable(container: Container, { what, remedy }: { what: string; remedy: string }): void {
    this.watching.giveUp(container);
    this.#telemetry.counters.add("containers_unreadable_total");
    this.#tellPodman(container, what, { remedy });
  }

  /** The log file of a container of Podman cannot be read; it is tried again and again. */
  podmanFileFailed(container: Container, cause: unknown): void {
    this.#telemetry.counters.add("engine_files_failed_total");
    this.#tellPodman(container, "its log file cannot be read", { cause });
  }

  #tellPodman(container: Container, what: string, options: { cause?: unknown; remedy?: string }): void {
    const detail = `the lines of container ${container.name} cannot be collected: ${what}`;
    const error = new SidecarError("PODMAN_LOG", detail, options);
    this.#telemetry.log.error({ code: error.code, container: container.name }, error.message);
  }

  badLabel(container: string, label: string, problem: string): void {
    this.#telemetry.counters.add("label_errors_total");
    this.#telemetry.log.warn({ container, label }, `${label}: ${problem}; the default is used`);
  }

  badEvent(text: string): void {
    this.#telemetry.log.warn(
      { text: text.slice(0, 200) },
      "the engine sent an event that is not JSON; listing the containers again",
    );
  }
}

function shortId(container: Container): string {
  return container.id.slice(0, 12);
}
