import { readNatsSecrets } from "../config/nats.js";
import type { Settings } from "../config/schema.js";
import { Forwarder } from "../forward/forwarder.js";
import { Life } from "../forward/life.js";
import type { HttpOptions } from "../http/http.js";
import { createJoiner } from "../records/joiner.js";
import { compilePattern } from "../rules/match/regexp/compile-pattern.js";
import { DockerSource } from "../sources/docker/docker-source.js";
import { engineHost, readEngineAddress } from "../sources/docker/engine.js";
import { DockerEvents } from "../telemetry/docker-events.js";
import { badLabel } from "../telemetry/sidecar-events.js";
import { createTelemetry } from "../telemetry/telemetry.js";
import { heedEarlySignals, onSignals } from "./signals.js";

export interface ForwardRequest {
  readonly settings: Settings;
  readonly servers: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Undefined: no HTTP. */
  readonly http: HttpOptions | undefined;
}

/** `log-sidecar run --forward`: publishes what containers print until it is told to stop; gives the exit status. */
export async function forward({ settings, servers, env, http }: ForwardRequest): Promise<number> {
  readNatsSecrets(settings);
  const address = readEngineAddress(env);
  const telemetry = createTelemetry({ level: settings.logLevel });
  const early = heedEarlySignals();
  const events = new DockerEvents(telemetry);
  const onBad = badLabel(telemetry, "multiline");
  const forwarder = new Forwarder({
    settings,
    servers,
    telemetry,
    findHost: () => engineHost(address),
    createSource: (restored) =>
      new DockerSource({
        address,
        restored,
        events,
        scope: settings.scope,
        since: settings.since,
        maxLineBytes: settings.maxLine,
        engineFiles: settings.engineFiles,
        createJoiner: (container) => createJoiner(container, { compilePattern, onBad }),
      }),
  });
  const life = new Life({ logDir: settings.logDir, telemetry, forward: () => forwarder.status });
  const openHttp = async () => {
    if (http === undefined) return undefined;
    const { openForwarderHttp } = await import("../http/http.js");
    const watching = { engine: events.watching, nats: forwarder.events.watching };
    const upkeep = { stats: async () => life.status() };
    return openForwarderHttp(
      { settings, telemetry, forwarder, watching, upkeep, examine: http.examine },
      http,
    );
  };
  const nothing = () =>
    telemetry.log.info("a forwarder has no rules and stores nothing: there is nothing to do");
  const release = onSignals({ stop: () => forwarder.stop(), reload: nothing, flush: nothing }, telemetry);
  early.stop();
  const answering = await openHttp();
  life.http = answering?.peer;
  try {
    await life.start();
    await forwarder.run();
  } finally {
    release();
    await answering?.close();
    await life.stop();
  }
  return 0;
}
