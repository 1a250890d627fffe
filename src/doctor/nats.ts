import type { StreamInfo } from "@nats-io/jetstream";
import type { Settings } from "../config/schema.js";
import { sizeText } from "../core/size-text.js";
import { type Nats, openNats } from "../sources/nats/connection.js";
import { CONSUMER } from "../sources/nats/nats-source.js";
import { checkPayload, faultsOf, findStream } from "../sources/nats/stream.js";
import { inboxOf, streamOf } from "../sources/nats/subjects.js";
import { natsError } from "../sources/nats/trouble.js";
import type { Examined, Finding } from "./finding.js";

/** From this share of what it may hold on, a stream is nearly full. */
const FULL_SHARE = 0.8;
/** Three servers agree on what they have when one of them is lost. */
const CLUSTER = 3;
/** Without these a stream does not take lines; without the others it loses them. */
const REFUSING: readonly string[] = ["subjects", "allow_direct"];
const INIT = "log-sidecar nats init";

/** Whether lines get to the stream and stay there until they are stored; `servers`: those that are forwarded to, or read from. */
export async function examineNats(servers: readonly string[], settings: Settings): Promise<Examined> {
  const isForwarder = settings.forward !== undefined;
  const { host } = settings;
  const inboxPrefix = isForwarder ? host && inboxOf(host) : inboxOf(CONSUMER);
  let nats: Nats | undefined;
  try {
    nats = await openNats({ servers, settings, name: "log-sidecar doctor", inboxPrefix });
    const version = nats.connection.info?.version ?? "of an unknown version";
    const facts = { nats: `nats-server ${version} at ${servers.join(", ")}` };
    checkPayload(nats);
    const stream = await findStream(nats, settings.natsPrefix);
    if (stream === undefined) return { facts, findings: [streamAbsent(settings)] };
    return {
      facts: { ...facts, stream: streamFact(stream) },
      findings: examineStream(nats, stream, settings),
    };
  } catch (cause) {
    const { code, told, remedy } = natsError(servers, cause);
    const why = isForwarder ? "No line leaves this host." : "No line of any host is stored.";
    const id = code.toLowerCase().replaceAll("_", "-");
    return {
      facts: nats === undefined ? { nats: `none at ${servers.join(", ")}` } : {},
      findings: [{ id, level: "error", what: told, why, remedy }],
    };
  } finally {
    await nats?.connection.close();
  }
}

function streamAbsent({ natsPrefix }: Settings): Finding {
  return {
    id: "nats-stream-absent",
    level: "error",
    what: `there is no stream ${streamOf(natsPrefix)}`,
    why: "Lines have nowhere to go, and stay in the engines.",
    remedy: `\`${INIT}\``,
  };
}

function streamFact({ config, state }: StreamInfo): string {
  const { name, num_replicas: replicas, max_bytes: mostBytes } = config;
  const most = mostBytes > 0 ? sizeText(mostBytes) : "any number";
  const where =
    replicas === 1
      ? "on one server, which brings to the disk every two minutes what it has acknowledged unless its sync_interval is set"
      : `on ${replicas} servers`;
  return `${name}, ${sizeText(state.bytes)} of ${most}, ${where}`;
}

function examineStream({ connection }: Nats, stream: StreamInfo, { natsPrefix }: Settings): Finding[] {
  const { name, num_replicas: replicas, max_bytes: mostBytes } = stream.config;
  const { bytes } = stream.state;
  const findings: Finding[] = faultsOf(stream, natsPrefix).map(({ what, why }) => ({
    id: "nats-stream-wrong",
    level: REFUSING.some((refusing) => what.startsWith(refusing)) ? "error" : "warning",
    what: `of the stream ${name}, ${what}`,
    why: `${why[0]?.toUpperCase()}${why.slice(1)}.`,
    remedy: `\`${INIT}\` makes it as it must be; what it holds stays.`,
  }));
  if (mostBytes > 0 && bytes > mostBytes * FULL_SHARE)
    findings.push({
      id: "nats-stream-full",
      level: "warning",
      what: `the stream ${name} holds ${sizeText(bytes)} of ${sizeText(mostBytes)}`,
      why: "When it is full forwarders wait, and engines rotate away what they hold no room for.",
      remedy: `Start the consumer, which makes room as it stores, or give it more: \`${INIT} --max-bytes ${sizeText(2 * mostBytes).replace(" ", "")}\`.`,
    });
  if (mostBytes <= 0)
    findings.push({
      id: "nats-stream-endless",
      level: "warning",
      what: `the stream ${name} may hold any number of bytes`,
      why: "It fills the disk of its server when the consumer is away.",
      remedy: `\`${INIT} --max-bytes 8GB\``,
    });
  if (replicas < CLUSTER && (connection.info?.connect_urls?.length ?? 1) >= CLUSTER)
    findings.push({
      id: "nats-stream-alone",
      level: "warning",
      what: `the stream ${name} is kept on ${replicas} of the cluster's servers`,
      why: "While that one is away forwarders wait, and what it loses has to be read from the engines again.",
      remedy: `\`${INIT} --replicas ${CLUSTER}\``,
    });
  return findings;
}
