import type { LineJoiner } from "../../core/line.js";
import type { LineSink } from "../../core/source.js";
import type { DockerEvents } from "../../telemetry/docker-events.js";
import type { Position } from "../position.js";
import type { EngineAddress } from "./engine.js";
import type { SnapshotGate } from "./snapshot-gate.js";
import type { Ticks } from "./ticks.js";
import type { Timing } from "./timing.js";
import type { WatchedContainer } from "./watched-container.js";

/** What the engine says of a container: `gone` when it knows none of that id. */
export type RunState = "running" | "stopped" | "gone";

export interface ReaderOptions {
  readonly address: EngineAddress;
  readonly watched: WatchedContainer;
  readonly position: Position;
  /** Begin by following: the container has just started and may be gone in a moment. */
  readonly fresh: boolean;
  readonly sink: LineSink;
  readonly gate: SnapshotGate;
  readonly events: DockerEvents;
  readonly maxLineBytes: number;
  readonly createJoiners: () => readonly [LineJoiner, LineJoiner];
  readonly inspectState: (id: string) => Promise<RunState>;
  readonly timing?: Timing;
  /** Shared by all readers. */
  readonly ticks: Ticks;
}
