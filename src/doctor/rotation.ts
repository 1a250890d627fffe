import { sizeText } from "../core/size-text.js";
import type { EngineAddress } from "../sources/docker/engine.js";
import { FrameCutter } from "../sources/docker/frames.js";
import { readLogStream } from "../sources/docker/log-stream.js";
import { readRotation } from "../sources/docker/rotation.js";
import type { Finding } from "./finding.js";
import type { Sibling } from "./sibling.js";

const MINUTE_MS = 60_000;
/** A shorter time says little of the rate. */
const LEAST_MS = 2_000;
/** So much of its log tells enough. */
const LOOK_MS = 5_000;
/** Around each message in the file, beside its text: json-file's names, quotes and time. */
const FRAME_BYTES = 72;

/** Whether the engine keeps a container's log for ever, or less of it than the container prints in a minute. */
export async function rotationFindings(address: EngineAddress, sibling: Sibling): Promise<Finding[]> {
  const { Type: driver, Config } = sibling.HostConfig.LogConfig;
  // To other drivers the remedies would not fit.
  if (driver !== "json-file" && driver !== "local") return [];
  const { heldBytes } = readRotation(driver, Config ?? {});
  const name = sibling.Name.replace(/^\//, "");
  if (heldBytes === Number.POSITIVE_INFINITY) return [endless(name)];
  if (!sibling.State.Running) return [];
  const rate = await measureRate(address, sibling.Id);
  const minuteBytes = rate === undefined ? 0 : rate * MINUTE_MS;
  return minuteBytes > heldBytes ? [tooLittle(name, heldBytes, minuteBytes)] : [];
}

/** Bytes a millisecond, of the last minute or what the engine still holds of it; undefined where it says too little. */
async function measureRate(address: EngineAddress, id: string): Promise<number | undefined> {
  const nowMs = Date.now();
  let bytes = 0;
  let firstMs: number | undefined;
  const cutter = new FrameCutter({
    message(ts, _stream, raw) {
      firstMs ??= Date.parse(ts);
      bytes += raw.length + FRAME_BYTES;
    },
  });
  const body = {
    span: (buffer: Buffer, start: number, end: number) => cutter.push(buffer, start, end),
    read: () => {
      cutter.flush();
      return undefined;
    },
  };
  const since = ((nowMs - MINUTE_MS) / 1000).toFixed(3);
  await readLogStream(address, id, { follow: false, since }, body, AbortSignal.timeout(LOOK_MS)).catch(
    () => undefined,
  );
  if (firstMs === undefined) return undefined;
  const spanMs = nowMs - firstMs;
  return spanMs < LEAST_MS ? undefined : bytes / spanMs;
}

function endless(name: string): Finding {
  return {
    id: "no-rotation",
    level: "warning",
    what: `${name}: the engine keeps its log in one file for ever`,
    why: "One day it fills the disk, and each reading of it takes longer.",
    remedy: `In its service: logging: { driver: json-file, options: { max-size: 50m, max-file: "4" } }`,
  };
}

function tooLittle(name: string, keptBytes: number, minuteBytes: number): Finding {
  const megabytes = Math.ceil((minuteBytes * 2) / 4 / 1e6);
  return {
    id: "rotation-small",
    level: "warning",
    what: `${name}: it prints ${sizeText(minuteBytes)} a minute, and the engine keeps ${sizeText(keptBytes)} of it`,
    why: "What it prints while the sidecar is away for a minute is lost.",
    remedy: `In its service: logging: { driver: json-file, options: { max-size: ${megabytes}m, max-file: "4" } }`,
  };
}
