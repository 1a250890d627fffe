import { readNatsSecrets } from "../config/nats.js";
import type { Settings } from "../config/schema.js";
import { Forwarder } from "../forward/forwarder.js";
import { createJoiner } from "../records/joiner.js";
import { compilePattern } from "../rules/match/regexp/compile-pattern.js";
import type { BesideForwarder } from "../sidecar-options.js";
import { DockerSource } from "../sources/docker/docker-source.js";
import { engineHost, readEngineAddress } from "../sources/docker/engine.js";
import { DockerEvents } from "../telemetry/docker-events.js";
import { NatsEvents } from "../telemetry/nats-events.js";
import { badLabel } from "../telemetry/sidecar-events.js";
import { createTelemetry, type Telemetry } from "../telemetry/telemetry.js";

interface ForwarderRequest {
  readonly settings: Settings;
  readonly servers: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where what is read is counted, and told. */
  readonly telemetry: Telemetry;
  /** Where what is published is. */
  readonly publishing: Telemetry;
}

/** Reads the containers and publishes what they print. */
export function createForwarder({ settings, servers, env, telemetry, publishing }: ForwarderRequest) {
  readNatsSecrets(settings);
  const address = readEngineAddress(env);
  const reading = new DockerEvents(telemetry);
  const onBad = badLabel(telemetry, "multiline");
  const forwarder = new Forwarder({
    settings,
    servers,
    telemetry,
    events: new NatsEvents(publishing),
    findHost: () => engineHost(address),
    createSource: (restored) =>
      new DockerSource({
        address,
        restored,
        events: reading,
        scope: settings.scope,
        since: settings.since,
        maxLineBytes: settings.maxLine,
        engineFiles: settings.engineFiles,
        createJoiner: (container) => createJoiner(container, { compilePattern, onBad }),
      }),
  });
  return { forwarder, engine: reading.watching };
}

/** The same beside a store that reads for itself: what both read is counted once, and told by both. */
export function createForwarderBeside(
  settings: Settings,
  servers: readonly string[],
  { env, telemetry }: Pick<ForwarderRequest, "env" | "telemetry">,
): BesideForwarder {
  const log = telemetry.log.child({ part: "forwarder" });
  return createForwarder({
    settings,
    servers,
    env,
    telemetry: { ...createTelemetry({ level: "silent" }), log },
    publishing: { ...telemetry, log },
  }).forwarder;
}
