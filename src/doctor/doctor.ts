import type { Settings } from "../config/schema.js";
import { type EngineAddress, readEngineAddress } from "../sources/docker/engine.js";
import { examineEngine } from "./engine.js";
import type { DoctorReport, Examined } from "./finding.js";
import { examineRules } from "./rules.js";
import { examineSiblings } from "./siblings.js";
import { examineVolume } from "./volume.js";

export interface DoctorOptions {
  readonly settings: Settings;
  readonly rulesDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** This process was started as root and gave that up. */
  readonly wasRoot: boolean;
  /** Whether lines come from an engine; when nothing is said, they do. */
  readonly hasEngine?: boolean;
  /** Looks at the stream of many hosts; loaded by who asks, as all that talks to NATS is, only when it is wanted. */
  readonly examineNats?: (servers: readonly string[], settings: Settings) => Promise<Examined>;
  /** How long a stream on which nothing comes must be left open by a proxy, when not as usual. */
  readonly quietMs?: number;
}

/** Looks at everything that the sidecar needs, changes nothing, and works beside a running one and before the first start. */
export async function examine(options: DoctorOptions): Promise<DoctorReport> {
  const { settings, rulesDir, env, wasRoot, hasEngine = true, quietMs } = options;
  const parts = await Promise.all([
    hasEngine ? examineDocker(readEngineAddress(env), settings, quietMs) : NOTHING,
    examineStream(options),
    examineVolume({ settings, wasRoot }),
    examineRules(rulesDir, settings),
  ]);
  const findings = parts.flatMap((part) => part.findings);
  return {
    ok: findings.every(({ level }) => level !== "error"),
    facts: Object.assign({}, ...parts.map(({ facts }) => facts)),
    findings: [...findings].sort((a, b) => (a.level === b.level ? 0 : a.level === "error" ? -1 : 1)),
  };
}

const NOTHING: Examined = { facts: {}, findings: [] };

async function examineStream({ settings, examineNats }: DoctorOptions): Promise<Examined> {
  const servers = settings.forward ?? settings.nats;
  return servers === undefined || examineNats === undefined ? NOTHING : examineNats(servers, settings);
}

async function examineDocker(
  address: EngineAddress,
  settings: Settings,
  quietMs: number | undefined,
): Promise<Examined> {
  const engine = await examineEngine(address, quietMs);
  if (!engine.answers) return engine;
  const siblings = await examineSiblings(address, { ...settings, podman: engine.podman });
  return {
    facts: { ...engine.facts, ...siblings.facts },
    findings: [...engine.findings, ...siblings.findings],
  };
}
