import type { Settings } from "../config/schema.js";
import { Life } from "../forward/life.js";
import type { HttpOptions } from "../http/http.js";
import { createTelemetry } from "../telemetry/telemetry.js";
import { createForwarder } from "./create-forwarder.js";
import { heedEarlySignals, onSignals } from "./signals.js";

export interface ForwardRequest {
  readonly settings: Settings;
  readonly servers: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Undefined: no HTTP. */
  readonly http: HttpOptions | undefined;
}

/** `log-sidecar run --forward`: publishes what containers print, and stores nothing, until it is told to stop; gives the exit status. */
export async function forward({ settings, servers, env, http }: ForwardRequest): Promise<number> {
  const telemetry = createTelemetry({ level: settings.logLevel });
  const early = heedEarlySignals();
  const { forwarder, engine } = createForwarder({
    settings,
    servers,
    env,
    telemetry,
    publishing: telemetry,
  });
  const life = new Life({ logDir: settings.logDir, telemetry, forward: () => forwarder.status });
  const openHttp = async () => {
    if (http === undefined) return undefined;
    const { openForwarderHttp } = await import("../http/http.js");
    const upkeep = { stats: async () => life.status() };
    const { examine } = http;
    return openForwarderHttp({ settings, telemetry, forwarder, engine, upkeep, examine }, http);
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
