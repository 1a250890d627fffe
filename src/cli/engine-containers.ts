import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "../core/container.js";
import { SidecarError } from "../core/errors.js";

/** An engine that is there answers sooner; these commands do without it. */
const PATIENCE_MS = 3000;

/** The containers that the engine has, by name; none where no engine answers. */
export async function engineContainers(env: NodeJS.ProcessEnv): Promise<ReadonlyMap<string, Container>> {
  // Docker's client takes longer to be loaded than all else that these commands need.
  const { listWatched, readEngineAddress } = await import("../sources/docker/docker.js");
  const patience = new AbortController();
  try {
    const listed = await Promise.race([
      listWatched(readEngineAddress(env)),
      sleep(PATIENCE_MS, undefined, { signal: patience.signal, ref: false }),
    ]);
    return new Map([...(listed ?? new Map()).values()].map(({ container }) => [container.name, container]));
  } catch (error) {
    if (error instanceof SidecarError) return new Map();
    throw error;
  } finally {
    patience.abort();
  }
}
