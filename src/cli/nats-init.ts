import type { Settings } from "../config/schema.js";
import { size } from "../config/values.js";
import { SidecarError } from "../core/errors.js";
import { openNats } from "../sources/nats/connection.js";
import { initStream } from "../sources/nats/stream.js";
import { streamOf } from "../sources/nats/subjects.js";
import type { Console } from "./console.js";

/** Three servers agree on what they have when one of them is lost; more of them only cost more. */
const MOST_REPLICAS = 3;

/** `log-sidecar nats init`: makes the stream, or changes it to what it must be. */
export async function initNats(
  settings: Settings,
  options: { readonly maxBytes: string; readonly replicas?: string },
  output: Console,
): Promise<void> {
  const servers = settings.nats;
  if (servers === undefined)
    throw new SidecarError("SETTINGS_INVALID", "no server is named", {
      remedy: "Name it with --nats or SIDECAR_NATS: nats://10.0.0.1:4222.",
    });
  const maxBytes = size(1e6).safeParse(options.maxBytes);
  if (!maxBytes.success) throw wrong("--max-bytes", options.maxBytes, "a size of 1MB or more, such as 8GB");
  const opened = await openNats({ servers, settings, name: "log-sidecar nats init" });
  try {
    const known = opened.connection.info?.connect_urls?.length ?? 1;
    const replicas = Number(options.replicas ?? (known >= MOST_REPLICAS ? MOST_REPLICAS : 1));
    if (![1, 2, 3, 4, 5].includes(replicas)) throw wrong("--replicas", options.replicas ?? "", "1 to 5");
    const prefix = settings.natsPrefix;
    const did = await initStream(opened, { prefix, maxBytes: maxBytes.data, replicas });
    const told = { made: "was made", changed: "was changed", kept: "is as it must be" }[did];
    const where = `on ${replicas} ${replicas === 1 ? "server" : "servers"}`;
    output.out.write(`stream ${streamOf(prefix)} ${told}: ${maxBytes.data} bytes at most, ${where}\n`);
    if (did !== "kept") output.err.write(SYNC_HINT);
  } finally {
    await opened.connection.close();
  }
}

const SYNC_HINT =
  "Servers write what they have acknowledged to the disk every two minutes unless told otherwise, and lose what is younger when power goes: set\n" +
  "`jetstream { sync_interval: always }` (nats-server 2.10 and later), or keep the stream on three servers with power of their own.\n" +
  "Lines that a server loses so are read from the engines again, as long as these hold them.\n";

function wrong(flag: string, text: string, expected: string): SidecarError {
  return new SidecarError("SETTINGS_INVALID", `${flag} ${JSON.stringify(text)}: expected ${expected}`);
}
