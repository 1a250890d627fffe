import type { Container } from "../../core/container.js";
import type { LineSink } from "../../core/source.js";
import type { AssemblerOptions } from "../assembler.js";
import type { Position } from "../position.js";
import type { EngineAddress } from "./engine.js";
import type { FirstLook } from "./first-look.js";
import type { StreamEnd } from "./log-stream.js";
import type { Seek } from "./resume.js";
import type { Doubt } from "./sight.js";
import type { StaleCopies } from "./stale-copies.js";
import type { VettingOptions } from "./vetting.js";
import type { WatchedContainer } from "./watched-container.js";

/** What one reading of a container's log is to do, and with what. */
export interface PassOptions extends AssemblerOptions {
  readonly address: EngineAddress;
  /** Asked for each batch: a container can be renamed while it is read. */
  readonly container: () => Container;
  readonly log: Pick<WatchedContainer, "tty" | "logDriver">;
  readonly sink: LineSink;
  readonly position: Position;
  readonly seek: Seek;
  /** Present where the log is read for the first time. */
  readonly firstLook?: FirstLook | undefined;
  readonly follow: boolean;
  /** The engine may pass lines over while nobody reads. */
  readonly ahead?: boolean;
  /** Present where a snapshot may show what the log no longer is. */
  readonly stale: StaleCopies | undefined;
  /** Present when following might not be trusted. */
  readonly vet: Pick<VettingOptions, "watch" | "wholeMessages" | "resent" | "looked"> | undefined;
  /** Called with each position that was handed on together with its lines. */
  readonly moved: (position: Position) => void;
}

/** How one reading ended: as the stream did, in doubt, because the place was not found, or because it was told to stop. */
export type PassEnd = StreamEnd | Doubt | "lost" | "stopped";
