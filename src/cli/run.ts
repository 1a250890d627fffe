import { DEFAULT_HTTP, readHttpToken } from "../config/http.js";
import { readNatsSecrets } from "../config/nats.js";
import { flagOf, type Settings } from "../config/schema.js";
import { SidecarError } from "../core/errors.js";
import type { Source } from "../core/source.js";
import type { HttpOptions } from "../http/http.js";
import { Sidecar } from "../sidecar.js";
import type { SourceParts } from "../sidecar-options.js";
import { ExecSource } from "../sources/pipe/exec-source.js";
import { StdinSource } from "../sources/pipe/stdin-source.js";
import { DockerEvents } from "../telemetry/docker-events.js";
import { NatsEvents } from "../telemetry/nats-events.js";
import { noPipe } from "../telemetry/sidecar-events.js";
import { createTelemetry } from "../telemetry/telemetry.js";
import type { createForwarderBeside } from "./create-forwarder.js";
import { examineNats } from "./doctor-command.js";
import { checkSaid, SAID } from "./said.js";
import { heedEarlySignals, onSignals } from "./signals.js";

export interface RunRequest {
  readonly settings: Settings;
  readonly rulesDir: string;
  readonly source: string;
  /** The program to run and collect from; it decides over `source`. */
  readonly command: readonly string[];
  /** Whether that program gets a terminal. */
  readonly tty: boolean;
  readonly env: NodeJS.ProcessEnv;
}

const SOURCES = ["docker", "stdin", "nats"];

/** `log-sidecar run`: collects until it is told to stop, the pipe ends, or the command exits; gives the exit status. */
export async function run(request: RunRequest): Promise<number> {
  const { settings, rulesDir, source, env } = request;
  if (!SOURCES.includes(source)) {
    throw new SidecarError("SETTINGS_INVALID", `--source=${source}: expected ${SOURCES.join(", ")}`);
  }
  const { forward: servers } = settings;
  if (servers === undefined && settings.forwardStore)
    throw new SidecarError("SETTINGS_INVALID", "--forward-store is for `--forward`", {
      remedy: "Name the NATS servers with --forward or SIDECAR_FORWARD, or leave it out.",
    });
  if (servers !== undefined) {
    if (source !== "docker" || request.command.length > 0)
      throw new SidecarError("SETTINGS_INVALID", "--forward sends what containers print, and nothing else", {
        remedy: "Leave --source and the command out, or --forward.",
      });
    if (!settings.forwardStore) {
      const { forward } = await import("./over-nats.js");
      return forward({ settings, servers, env, http: httpOptions(request, true) });
    }
  }
  checkSaid(settings);
  // A wrong address is found before the volume is touched.
  const makeSource = await chooseSource(request);
  const telemetry = createTelemetry({ level: settings.logLevel });
  const early = heedEarlySignals();
  const forwarder = servers && (await forwarderBeside(settings, servers, { env, telemetry }));
  const isPipe = request.command.length > 0 || source === "stdin";
  const sidecar = await Sidecar.open<Source>({
    settings,
    rulesDir,
    telemetry,
    createSource: makeSource,
    http: httpOptions(request, !isPipe),
    forwarder,
  });
  const release = onSignals(
    {
      stop: () => sidecar.stop(),
      reload: () => void sidecar.rules.reload("SIGHUP"),
      flush: () => void sidecar.flush("SIGUSR1"),
    },
    telemetry,
  );
  if (early.stop()) process.kill(process.pid, "SIGHUP");
  try {
    await sidecar.run();
  } finally {
    release();
  }
  return sidecar.source instanceof ExecSource ? sidecar.source.exitStatus : 0;
}

async function forwarderBeside(...given: Parameters<typeof createForwarderBeside>) {
  const { createForwarderBeside: create } = await import("./over-nats.js");
  return create(...given);
}

/** A pipe or a command has HTTP when it is asked for: many of them may run beside each other. */
function httpOptions(request: RunRequest, isOnByItself: boolean): HttpOptions | undefined {
  const { settings, rulesDir, env, source } = request;
  const token = readHttpToken(settings);
  const { http } = settings;
  if (http === "off" || (http === undefined && !isOnByItself)) return undefined;
  const examine = async () => {
    const { examine: look } = await import("../doctor/doctor.js");
    return look({
      settings,
      rulesDir,
      env,
      wasRoot: false,
      hasEngine: isOnByItself && source === "docker",
      examineNats,
    });
  };
  return { address: http ?? DEFAULT_HTTP, token, isDefault: http === undefined, examine };
}

async function chooseSource(request: RunRequest): Promise<(parts: SourceParts) => Source> {
  const { source, command, env, settings } = request;
  const [program, ...args] = command;
  const maxLineBytes = settings.maxLine;
  if (program !== undefined) {
    return ({ createJoiner, telemetry }) =>
      new ExecSource({
        maxLineBytes,
        createJoiner,
        command: [program, ...args],
        tty: request.tty,
        said: settings,
        onNoPipe: (cause) => noPipe(telemetry, cause),
      });
  }
  if (request.tty) {
    throw new SidecarError("SETTINGS_INVALID", "--tty is for `run -- COMMAND`", { remedy: "Leave it out." });
  }
  if (source === "stdin") {
    return ({ createJoiner }) =>
      new StdinSource({ maxLineBytes, createJoiner, input: process.stdin, said: settings });
  }
  const said = SAID.find((name) => settings[name] !== undefined);
  if (said !== undefined) {
    throw new SidecarError(
      "SETTINGS_INVALID",
      `${flagOf(said)} is for \`run -- COMMAND\` and \`--source stdin\``,
      { remedy: `Leave it out; a container says it by its label log-sidecar.${said}.` },
    );
  }
  if (source === "nats") return natsSource(settings);
  // Docker's client takes a fifth of a second to load: pipes do without it.
  const { DockerSource, readEngineAddress } = await import("../sources/docker/docker.js");
  const address = readEngineAddress(env);
  return ({ createJoiner, restored, telemetry }) =>
    new DockerSource({
      maxLineBytes,
      createJoiner,
      address,
      restored: ownContainers(restored),
      engineFiles: settings.engineFiles,
      scope: settings.scope,
      since: settings.since,
      events: new DockerEvents(telemetry),
    });
}

async function natsSource(settings: Settings): Promise<(parts: SourceParts) => Source> {
  const { nats: servers } = settings;
  if (servers === undefined)
    throw new SidecarError("SETTINGS_INVALID", "--source nats has no server to read from", {
      remedy: "Name it with --nats or SIDECAR_NATS: nats://10.0.0.1:4222.",
    });
  readNatsSecrets(settings);
  const { NatsSource } = await import("./over-nats.js");
  return ({ telemetry, ...parts }) =>
    new NatsSource({ ...parts, servers, events: new NatsEvents(telemetry) });
}

/** Without those of other hosts, where this log folder was that of many: the engine here knows nothing of them. */
function ownContainers(restored: SourceParts["restored"]): SourceParts["restored"] {
  return new Map([...restored].filter(([id]) => !id.includes("/")));
}
