import { readHttpToken } from "../config/http.js";
import type { Settings } from "../config/schema.js";
import { type ErrorCode, SidecarError } from "../core/errors.js";
import { createRetention } from "../pipeline/keeping.js";
import { silenceMs } from "../status/life.js";
import { readStatus } from "../status/status-file.js";
import { silentTelemetry } from "../telemetry/telemetry.js";
import { OwnUpkeep } from "./own-upkeep.js";
import { type Peer, request } from "./peer.js";
import { RemoteUpkeep } from "./remote-upkeep.js";
import type { Upkeep } from "./upkeep.js";

/** The running sidecar of the log folder where it answers; else what this process can do itself. */
export async function findUpkeep(settings: Settings): Promise<Upkeep> {
  const found = await findPeer(settings);
  if (found === undefined || found instanceof SidecarError) return openUpkeep(settings, found);
  return new RemoteUpkeep(found);
}

/** What this process can do itself; `refusal` is what a sidecar said that does not want to be asked. */
export function openUpkeep(settings: Settings, refusal?: SidecarError): Upkeep {
  const refuse = (): never => {
    throw refusal;
  };
  return new OwnUpkeep({
    retention: createRetention({ settings, telemetry: silentTelemetry() }),
    readStatus: () => readStatus(settings.logDir),
    ...(refusal === undefined ? {} : { flush: refuse }),
  });
}

const PATIENCE_MS = 3_000;
/** The folder may be shared with another machine or network, where something else listens, or nothing. */
const ELSEWHERE: readonly ErrorCode[] = ["SIDECAR_ABSENT", "HTTP_MISDIRECTED"];

/** Undefined where no sidecar of this folder lives, or none that is in reach; its refusal where it does not answer to this process. */
async function findPeer(settings: Settings): Promise<Peer | SidecarError | undefined> {
  const token = readHttpToken(settings);
  try {
    const status = await readStatus(settings.logDir);
    if (status.http === undefined || status.stopped || silenceMs(status, Date.now()) !== undefined)
      return undefined;
    const peer = { ...status.http, token };
    await request(peer, "GET", "/api/stats", { signal: AbortSignal.timeout(PATIENCE_MS) });
    return peer;
  } catch (cause) {
    return cause instanceof SidecarError && !ELSEWHERE.includes(cause.code) ? cause : undefined;
  }
}
