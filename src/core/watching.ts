import type { Container } from "./container.js";

/** What a source that follows containers knows now. */
export interface Watching {
  /** Who tells of the containers: the engine, or the stream of NATS. */
  readonly of: "engine" | "nats";
  /** Why it does not answer; undefined while it does. */
  readonly trouble: string | undefined;
  /** What the engine calls its version; undefined before its first answer. */
  readonly version: string | undefined;
  /** Those that are collected, by id. */
  readonly containers: ReadonlyMap<string, Container>;
  /** Those whose log driver cannot be read, by id. */
  readonly unreadable: ReadonlyMap<string, Container>;
}
