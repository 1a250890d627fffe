import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance, InjectOptions } from "fastify";
import { onTestFinished } from "vitest";
import { loadSettings } from "../../src/config/load.js";
import { collectSamples } from "../../src/http/metrics/sampled.js";
import type { HttpParts } from "../../src/http/parts.js";
import { ROUTES } from "../../src/http/routes/routes.js";
import { createServer } from "../../src/http/server.js";
import { Ledger } from "../../src/pipeline/ledger.js";
import { understandLineBy } from "../../src/pipeline/understanding.js";
import { RuleStore } from "../../src/rules/reload.js";
import type { Status } from "../../src/status/status.js";
import type { StoreStatus } from "../../src/store/store.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { OwnUpkeep } from "../../src/upkeep/own-upkeep.js";
import { retentionOf } from "../retention/files.js";
import { rulesFolder } from "../rules/records.js";

export const INSTANCE = "this-one";

export interface WorldOptions extends Partial<HttpParts> {
  readonly env?: NodeJS.ProcessEnv;
  readonly rules?: RuleStore;
  readonly rulesDir?: string;
}

export const RULES = {
  "a.yaml": "rules:\n  - { id: paid, match: { event_type: paid }, to: { raw: {} } }\n",
};

const STORE: StoreStatus = {
  openSegments: 1,
  stagedFiles: 0,
  waitingBytes: 7,
  commits: 3,
  lastCommitMs: 1_000,
  lastCommitTookMs: 5,
  diskFull: false,
  failing: undefined,
};

/** The parts of a sidecar that answers, over an empty log folder. */
export async function makeParts({ env = {}, rulesDir, ...given }: WorldOptions = {}): Promise<HttpParts> {
  const logDir = mkdtempSync(join(tmpdir(), "http-"));
  const settings = loadSettings({
    env: { SIDECAR_LOG_DIR: logDir, ...env },
    flags: {},
    configFile: undefined,
  });
  const telemetry = given.telemetry ?? silentTelemetry();
  const dir = rulesDir ?? (await rulesFolder(RULES));
  return {
    settings,
    telemetry,
    source: {},
    rules: await RuleStore.open({ dir, telemetry, logsources: [], fieldAliases: [] }),
    store: { status: () => STORE },
    ledger: new Ledger(undefined),
    housekeeping: { disk: { last: { freeBytes: 5e9, sizeBytes: 20e9 } } },
    upkeep: new OwnUpkeep({
      retention: retentionOf(logDir),
      readStatus: async () => ({ version: "1" }) as Status,
      flush: async () => ({ at: "now", tookMs: 1, lines: 2, written: 2, commits: 4 }),
    }),
    examine: async () => ({ ok: true, facts: {}, findings: [] }),
    understand: understandLineBy(settings),
    ...given,
  };
}

export function serverOf(parts: HttpParts, token?: string): FastifyInstance {
  const server = createServer(parts, {
    routes: ROUTES,
    token,
    instance: INSTANCE,
    samples: collectSamples(parts.telemetry),
    stopping: new AbortController().signal,
  });
  onTestFinished(() => server.close());
  return server;
}

/** A request as it comes over a port from this machine. */
export function ask(server: FastifyInstance, url: string, options: InjectOptions = {}) {
  return server.inject({ url, ...options, headers: { host: "localhost:9600", ...options.headers } });
}

/** The same with a JSON body. */
export function post(server: FastifyInstance, url: string, body?: object, options: InjectOptions = {}) {
  return ask(server, url, { method: "POST", ...(body === undefined ? {} : { payload: body }), ...options });
}
