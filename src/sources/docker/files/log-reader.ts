import type { ContainerReader } from "../reader.js";

/** What reads one container for as long as it exists. */
export interface LogReader extends Pick<ContainerReader, "position" | "waiting" | "stop" | "rename" | "run"> {
  /** Something happened to the container; `runEnd`: a run of it ended then, in engine time. */
  wake(runEnd?: string): void;
}
