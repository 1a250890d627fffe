/** How long the Docker source waits for what, in milliseconds. */
export interface Timing {
  /** How often a reader looks whether its stream is alive. */
  readonly tickMs: number;
  /** A stream that was quiet for this long is held against the engine's last message; then after twice as long, and so on. */
  readonly firstProbeMs: number;
  readonly maxProbeMs: number;
  /** A net for events that were missed: the containers are listed again this often. */
  readonly relistMs: number;
  /** An engine that has not answered a question about a container after this long will not. */
  readonly answerMs: number;
  /** While the log API stands in for files that cannot be read, it is looked this often whether they can. */
  readonly filesAgainMs: number;
}

export const TIMING: Timing = {
  tickMs: 500,
  firstProbeMs: 10_000,
  maxProbeMs: 60_000,
  relistMs: 30_000,
  answerMs: 30_000,
  filesAgainMs: 5_000,
};
