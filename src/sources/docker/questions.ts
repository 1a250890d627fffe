import type Docker from "dockerode";
import { ask } from "./ask.js";
import { createDocker, type EngineAddress } from "./engine.js";
import { ownInspectPath, podmanLogConfig } from "./podman.js";
import type { RunState } from "./reader-options.js";
import { readInspect, type WatchedContainer } from "./watched-container.js";

/** What the engine can answer at once, within a limit of time. */
export class Questions {
  /** The engine is Podman, which tells more by an API of its own. */
  podman = false;
  readonly #address: EngineAddress;
  readonly #docker: Docker;
  readonly #limitMs: number;
  readonly #stopping: AbortSignal;

  constructor(address: EngineAddress, { limitMs, stopping }: { limitMs: number; stopping: AbortSignal }) {
    this.#address = address;
    this.#docker = createDocker(address);
    this.#limitMs = limitMs;
    this.#stopping = stopping;
  }

  version(): Promise<Docker.DockerVersion> {
    return this.#ask((abortSignal) => versionOf(this.#docker, { abortSignal }));
  }

  /** All containers, those that do not run too. */
  containers(): Promise<Docker.ContainerInfo[]> {
    return this.#ask((abortSignal) => this.#docker.listContainers({ all: true, abortSignal }));
  }

  /** Undefined when the engine knows no container of that id. */
  async inspect(id: string): Promise<Docker.ContainerInspectInfo | undefined> {
    try {
      return await this.#ask((abortSignal) => this.#docker.getContainer(id).inspect({ abortSignal }));
    } catch (cause) {
      if ((cause as { statusCode?: unknown }).statusCode === 404) return undefined;
      throw cause;
    }
  }

  /** The answer to inspect with all that is told of the container's log. */
  async describe(id: string): Promise<Docker.ContainerInspectInfo | undefined> {
    const answer = await this.inspect(id);
    if (answer === undefined || !this.podman) return answer;
    const own = await this.#ask((signal) => ask(this.#address, ownInspectPath(id), signal));
    const LogConfig = podmanLogConfig(own.body, answer);
    return { ...answer, HostConfig: { ...answer.HostConfig, LogConfig } };
  }

  /** What inspecting tells of the container, without complaints about its labels. */
  async watched(id: string): Promise<WatchedContainer | undefined> {
    const answer = await this.describe(id);
    return answer === undefined ? undefined : readInspect(answer, () => undefined);
  }

  async state(id: string): Promise<RunState> {
    const answer = await this.inspect(id);
    if (answer === undefined) return "gone";
    // Between two tries of a restart policy the engine says "running", and there is nothing to follow.
    return answer.State.Running && !answer.State.Restarting ? "running" : "stopped";
  }

  /** What is not answered in time, or before the end, is given up with its connection: a process does not end while one is open. */
  #ask<T>(question: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    const signal = AbortSignal.any([this.#stopping, AbortSignal.timeout(this.#limitMs)]);
    const given = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    return Promise.race([question(signal), given]);
  }
}

/** dockerode takes options for this request as for others; its types do not say so. */
function versionOf(
  docker: Docker,
  options: { readonly abortSignal: AbortSignal },
): Promise<Docker.DockerVersion> {
  const { version } = docker as unknown as {
    version: (how: typeof options) => Promise<Docker.DockerVersion>;
  };
  return version.call(docker, options);
}
