import { onTestFinished } from "vitest";
import { DockerSource } from "../../../src/sources/docker/docker-source.js";
import type { DockerSourceOptions } from "../../../src/sources/docker/docker-source-options.js";
import type { EngineAddress } from "../../../src/sources/docker/engine.js";
import { DockerEvents } from "../../../src/telemetry/docker-events.js";
import { silentTelemetry, type Telemetry } from "../../../src/telemetry/telemetry.js";
import { BatchLog } from "../batch-log.js";
import { FakeEngine } from "../fake-engine.js";
import type { SinceRule } from "../held-log.js";
import { wholeLines } from "../joiners.js";

/** An engine that ends with the test. */
export async function startEngine(
  how: "socket" | "tcp" | "not yet" = "socket",
  rule?: SinceRule,
): Promise<FakeEngine> {
  const engine = new FakeEngine(rule);
  if (how !== "not yet") await engine.start(how);
  onTestFinished(() => engine.remove());
  return engine;
}

export interface Collecting {
  readonly source: DockerSource;
  readonly sink: BatchLog;
  readonly telemetry: Telemetry;
  /** Ends the source and waits until it has. */
  stop(): Promise<void>;
}

/** Collects from the engine, patiently or with waiting times that tests can wait for, until the test ends. */
export function collect(address: EngineAddress, options: Partial<DockerSourceOptions> = {}): Collecting {
  const telemetry = silentTelemetry();
  const source = new DockerSource({
    address,
    scope: "all",
    since: "beginning",
    maxLineBytes: 1_000_000,
    restored: new Map(),
    createJoiner: wholeLines,
    events: new DockerEvents(telemetry),
    timing: {
      tickMs: 20,
      firstProbeMs: 150,
      maxProbeMs: 300,
      relistMs: 60_000,
      answerMs: 500,
      filesAgainMs: 100,
    },
    ...options,
  });
  const sink = new BatchLog();
  const ended = source.run(sink);
  const stop = async () => {
    await source.stop();
    await ended;
  };
  onTestFinished(stop);
  return { source, sink, telemetry, stop };
}
