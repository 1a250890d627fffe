import { DEFAULT_HTTP, readHttpToken } from "../config/http.js";
import { flagOf, type Settings } from "../config/schema.js";
import { SidecarError } from "../core/errors.js";
import type { Source } from "../core/source.js";
import type { HttpOptions } from "../http/http.js";
import { Sidecar, type SourceParts } from "../sidecar.js";
import { ExecSource } from "../sources/pipe/exec-source.js";
import { StdinSource } from "../sources/pipe/stdin-source.js";
import { DockerEvents } from "../telemetry/docker-events.js";
import { noPipe, sidecarStopping } from "../telemetry/sidecar-events.js";
import { createTelemetry, type Telemetry } from "../telemetry/telemetry.js";
import { checkSaid, SAID } from "./said.js";

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

/** What is not drained by then is read again at the next start; Docker kills after its own, longer grace. */
const STOP_LIMIT_MS = 8_000;

const SOURCES = ["docker", "stdin"];

/** `log-sidecar run`: collects until it is told to stop, the pipe ends, or the command exits; gives the exit status. */
export async function run(request: RunRequest): Promise<number> {
  const { settings, rulesDir, source } = request;
  if (!SOURCES.includes(source)) {
    throw new SidecarError("SETTINGS_INVALID", `--source=${source}: expected ${SOURCES.join(" or ")}`);
  }
  checkSaid(settings);
  // A wrong address is found before the volume is touched.
  const makeSource = await chooseSource(request);
  const telemetry = createTelemetry({ level: settings.logLevel });
  const early = heedEarlySignals();
  const bringsBytes = request.command.length > 0 || source === "stdin";
  const sidecar = await Sidecar.open<Source>({
    settings,
    rulesDir,
    telemetry,
    createSource: makeSource,
    bringsBytes,
    http: httpOptions(request, !bringsBytes),
  });
  const release = onSignals(sidecar, telemetry);
  if (early.stop()) process.kill(process.pid, "SIGHUP");
  try {
    await sidecar.run();
  } finally {
    release();
  }
  return sidecar.source instanceof ExecSource ? sidecar.source.exitStatus : 0;
}

/** A pipe or a command has HTTP when it is asked for: many of them may run beside each other. */
function httpOptions(request: RunRequest, hasEngine: boolean): HttpOptions | undefined {
  const { settings, rulesDir, env } = request;
  const token = readHttpToken(settings);
  const { http } = settings;
  if (http === "off" || (http === undefined && !hasEngine)) return undefined;
  const examine = async () => {
    const { examine: look } = await import("../doctor/doctor.js");
    return look({ settings, rulesDir, env, wasRoot: false, hasEngine });
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
  // Docker's client takes a fifth of a second to load: pipes do without it.
  const { DockerSource } = await import("../sources/docker/docker-source.js");
  const { readEngineAddress } = await import("../sources/docker/engine.js");
  const address = readEngineAddress(env);
  return ({ createJoiner, restored, telemetry }) =>
    new DockerSource({
      maxLineBytes,
      createJoiner,
      address,
      restored,
      engineFiles: settings.engineFiles,
      scope: settings.scope,
      since: settings.since,
      events: new DockerEvents(telemetry),
    });
}

/**
 * A SIGHUP that comes while the sidecar starts would end it: it is kept until somebody listens. At a SIGUSR1 Node would open its
 * debugger; nothing was read by then that could be committed.
 */
function heedEarlySignals(): { readonly stop: () => boolean } {
  let came = false;
  const hear = () => {
    came = true;
  };
  const ignore = () => undefined;
  process.on("SIGHUP", hear).on("SIGUSR1", ignore);
  return {
    stop: () => {
      process.off("SIGHUP", hear).off("SIGUSR1", ignore);
      return came;
    },
  };
}

/** SIGTERM and SIGINT drain and commit, SIGHUP reads the rules again, SIGUSR1 commits. Returns what takes the handlers away. */
function onSignals(sidecar: Sidecar<Source>, telemetry: Telemetry): () => void {
  const stop = (signal: NodeJS.Signals) => {
    sidecarStopping(telemetry, signal);
    setTimeout(() => {
      telemetry.log.error(
        "not everything could be written in time; what is missing is read again at the next start",
      );
      process.kill(process.pid, "SIGKILL");
    }, STOP_LIMIT_MS).unref();
    sidecar.stop().catch((error: unknown) => telemetry.log.error({ error }, "stopping failed"));
  };
  const reload = () => void sidecar.rules.reload("SIGHUP");
  const flush = () => void sidecar.flush("SIGUSR1");
  process.once("SIGTERM", stop).once("SIGINT", stop).on("SIGHUP", reload).on("SIGUSR1", flush);
  return () => {
    process.off("SIGTERM", stop).off("SIGINT", stop).off("SIGHUP", reload).off("SIGUSR1", flush);
  };
}
