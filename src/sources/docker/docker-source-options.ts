import type { Container } from "../../core/container.js";
import type { LineJoiner } from "../../core/line.js";
import type { StoredPosition } from "../../core/source.js";
import type { DockerEvents } from "../../telemetry/docker-events.js";
import type { EngineAddress } from "./engine.js";
import type { Scope } from "./scope.js";
import type { Timing } from "./timing.js";

/** Which containers of which engine are read, and from where on. */
export interface DockerSourceOptions {
  readonly address: EngineAddress;
  /** Undefined: the own compose project when there is one, else all. */
  readonly scope: Scope | undefined;
  /** Where reading begins in containers not seen before: `beginning`, `now`, or milliseconds back from now. */
  readonly since: "beginning" | "now" | number;
  readonly maxLineBytes: number;
  /** The engine's folder `containers` where it is mounted: json-file logs are read from there. */
  readonly engineFiles?: string | undefined;
  /** Positions of an earlier run, by container id. */
  readonly restored: ReadonlyMap<string, StoredPosition>;
  readonly createJoiner: (container: Container) => LineJoiner;
  readonly events: DockerEvents;
  readonly timing?: Timing;
}
