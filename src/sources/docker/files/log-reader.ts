import type { ContainerReader } from "../reader.js";

/** What reads one container for as long as it exists. */
export type LogReader = Pick<ContainerReader, "position" | "waiting" | "stop" | "wake" | "rename" | "run">;
