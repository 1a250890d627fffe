import { z } from "zod";
import { SidecarError } from "../core/errors.js";
import { ask, type EngineAnswer, holdQuiet } from "../sources/docker/ask.js";
import { type EngineAddress, engineError, engineName } from "../sources/docker/engine.js";
import { ownInspectPath, PODMAN } from "../sources/docker/podman.js";
import type { Examined, Finding } from "./finding.js";

const versionSchema = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  Components: z.array(z.object({ Name: z.string(), Version: z.string() })).catch([]),
});
/** The sidecar's requests were the same ever since (engine API documentation). */
const OLDEST_API = "1.24";
/** For an engine without containers: it says that there is none of this id, and a proxy whether it lets that be asked. */
const NOBODY = "0".repeat(64);
const QUIET_MS = 12_000;
const CLOCK_OFF_MS = 5_000;

const REFUSED = new Set([401, 403, 405]);
const ALLOW_LIST =
  'SP_ALLOW_GET: "(/v[0-9.]+)?/(version|events|containers/json|containers/[a-zA-Z0-9][a-zA-Z0-9_.-]*/(json|logs)|libpod/containers/[a-zA-Z0-9][a-zA-Z0-9_.-]*/json)"';

/** Whether the engine answers, all that is asked of it, and nothing more where a proxy stands before it. */
export async function examineEngine(
  address: EngineAddress,
  quietMs = QUIET_MS,
): Promise<Examined & { readonly answers: boolean; readonly podman: boolean }> {
  let version: EngineAnswer;
  try {
    version = await ask(address, "/version");
  } catch (cause) {
    return {
      answers: false,
      podman: false,
      facts: { engine: `none at ${address.text}` },
      findings: [absence(address, cause)],
    };
  }
  const id = await anyContainer(address);
  const parsed = versionSchema.safeParse(version.body);
  const name = parsed.success ? engineName(parsed.data) : "";
  const podman = name === PODMAN;
  const checked = await Promise.all([
    refusals(address, { id, podman }),
    clock(version),
    cuts(address, quietMs),
    excess(address, id),
  ]);
  const told = parsed.success ? `${name} ${parsed.data.Version}, API ${parsed.data.ApiVersion}` : "something";
  return {
    answers: !REFUSED.has(version.status) && version.status < 500,
    podman,
    facts: { engine: `${told} at ${address.text}` },
    findings: [...checked.flat(), ...(parsed.success ? age(parsed.data.ApiVersion) : [])],
  };
}

function absence(address: EngineAddress, cause: unknown): Finding {
  const error = cause instanceof SidecarError ? cause : engineError(address, cause);
  return {
    id: error.code === "ENGINE_FORBIDDEN" ? "engine-forbidden" : "engine-absent",
    level: "error",
    what: error.told,
    why: "No container is collected without the engine.",
    remedy: error.remedy,
  };
}

async function anyContainer(address: EngineAddress): Promise<string> {
  const { body } = await ask(address, "/containers/json?limit=1");
  const [first] = Array.isArray(body) ? (body as { Id?: unknown }[]) : [];
  return typeof first?.Id === "string" ? first.Id : NOBODY;
}

/** All that the sidecar asks for, each once. */
async function refusals(
  address: EngineAddress,
  { id, podman }: { readonly id: string; readonly podman: boolean },
): Promise<Finding[]> {
  const now = Math.floor(Date.now() / 1000);
  const paths = [
    "/version",
    `/events?since=${now}&until=${now}`,
    "/containers/json?all=1",
    `/containers/${id}/json`,
    podman ? ownInspectPath(id) : `/containers/${id}/logs?stdout=1&tail=1`,
  ];
  const refused: string[] = [];
  for (const path of paths) {
    const status = await ask(address, path).then(
      (answer) => answer.status,
      () => "no answer" as const,
    );
    if (status === "no answer" || REFUSED.has(status) || status >= 502)
      refused.push(`GET ${path.split("?")[0]?.replace(id, "ID")} (${status})`);
  }
  if (refused.length === 0) return [];
  return [
    {
      id: "request-refused",
      level: "error",
      what: `what answers at ${address.text} refuses ${refused.join(", ")}`,
      why: "The sidecar asks for all of these: it can't collect without one of them, or can't tell all that is missing.",
      remedy: `In the environment of docker-compose.sidecar.hardened.yml's proxy: ${ALLOW_LIST}`,
    },
  ];
}

function clock({ clockMs }: EngineAnswer): Finding[] {
  const offMs = clockMs === undefined ? 0 : Date.now() - clockMs;
  // The answer's is cut to the second.
  if (offMs > -CLOCK_OFF_MS && offMs < CLOCK_OFF_MS + 1_000) return [];
  const seconds = Math.round(Math.abs(offMs) / 1000);
  return [
    {
      id: "clock-off",
      level: "warning",
      what: `this machine's clock is ${seconds} s ${offMs > 0 ? "ahead of" : "behind"} the engine's`,
      why: "Records have the engine's times; retention and `since` go by this machine's.",
      remedy: "Let both keep the time by NTP: `timedatectl set-ntp true`.",
    },
  ];
}

/** A proxy that cuts streams on which nothing comes; there is none where the engine's own socket is asked. */
async function cuts(address: EngineAddress, quietMs: number): Promise<Finding[]> {
  if (address.kind === "socket") return [];
  const filters = encodeURIComponent('{"type":["plugin"]}');
  const heldMs = await holdQuiet(address, `/events?filters=${filters}`, quietMs);
  if (heldMs > quietMs - 50) return [];
  return [
    {
      id: "streams-cut",
      level: "warning",
      what: `streams on which nothing comes are cut after ${Math.round(heldMs / 1000)} s by what answers at ${address.text}`,
      why: "Nothing is lost by that, but each cut costs the engine a look through the container's log.",
      remedy:
        "Let the proxy wait longer: `timeout server 1h` in haproxy's configuration, and the like in others.",
    },
  ];
}

/** Whether a proxy lets files of containers be read; asked without a path, so that nothing is. */
async function excess(address: EngineAddress, id: string): Promise<Finding[]> {
  if (address.kind === "socket") return [];
  const { status } = await ask(address, `/containers/${id}/archive`);
  if (REFUSED.has(status) || status >= 500) return [];
  return [
    {
      id: "proxy-too-wide",
      level: "warning",
      what: `the proxy at ${address.text} lets any file of any container be read (GET /containers/ID/archive)`,
      why: "Whoever gets into the sidecar could read the secrets of all containers.",
      remedy: `Use a proxy with a list of what is allowed: ${ALLOW_LIST}`,
    },
  ];
}

function age(api: string): Finding[] {
  const [major = 0, minor = 0] = api.split(".").map(Number);
  const [oldMajor = 0, oldMinor = 0] = OLDEST_API.split(".").map(Number);
  if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) return [];
  return [
    {
      id: "engine-old",
      level: "warning",
      what: `the engine's API is ${api}; the sidecar was made for ${OLDEST_API} and later`,
      why: "Older ones tell of containers in other words.",
      remedy: "Update the Docker Engine.",
    },
  ];
}
