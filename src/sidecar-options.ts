import type { Settings } from "./config/schema.js";
import type { Container } from "./core/container.js";
import type { LineJoiner } from "./core/line.js";
import type { Source, StoredPosition } from "./core/source.js";
import type { Watching } from "./core/watching.js";
import type { HttpOptions } from "./http/http.js";
import type { ForwardStatus } from "./status/status.js";
import type { Telemetry } from "./telemetry/telemetry.js";

/** What a source is made from, by the command that knows which one is wanted. */
export interface SourceParts {
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly restored: ReadonlyMap<string, StoredPosition>;
  /** Positions of all that is with the store by now, by container id. */
  readonly handed: () => ReadonlyMap<string, StoredPosition>;
  /** How many commits there were in this run. */
  readonly commits: () => number;
  readonly createJoiner: (container: Container) => LineJoiner;
}

export interface SidecarOptions<S extends Source> {
  readonly settings: Settings;
  /** Folders with rules, as the setting `rulesDir` names them. */
  readonly rulesDir: string;
  readonly telemetry: Telemetry;
  readonly createSource: (parts: SourceParts) => S;
  /** Undefined: no HTTP. */
  readonly http: HttpOptions | undefined;
  /** Forwards besides what is stored, by a reading of its own. */
  readonly forwarder?: BesideForwarder | undefined;
}

/** What runs beside the store, shares none of its positions and failures, and is shown with it. */
export interface BesideForwarder {
  readonly status: ForwardStatus;
  readonly watching: Watching;
  /** Until `stop`. */
  run(): Promise<void>;
  stop(): Promise<void>;
}
