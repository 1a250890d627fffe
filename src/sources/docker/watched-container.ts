import type Docker from "dockerode";
import { z } from "zod";
import type { Container } from "../../core/container.js";
import { levelOfWord } from "../../core/level-words.js";
import { LEVELS, type Level } from "../../core/record.js";
import { type Rotation, readRotation } from "./rotation.js";

/** A container with what reading its log needs to know. */
export interface WatchedContainer extends Rotation {
  readonly container: Container;
  /** Whether its log is raw text instead of frames: only inspect tells this on every engine. */
  readonly tty: boolean;
  readonly logDriver: string;
  /** The host's path of the file that Podman writes its log to; empty for other drivers and engines. */
  readonly logPath: string;
  readonly running: boolean;
  /** Engine time of the last start, … */
  readonly startedAt: string;
  /** … and before which nothing stands in its log: when it was made, or started for the first time where that was the last. */
  readonly logBeganAt: string;
}

/** The part of the engine's answer to inspect that is used here (engine API 1.24 and later). */
const inspectSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: z.string().catch(""),
  Config: z.object({
    Image: z.string().catch(""),
    Tty: z.boolean().catch(false),
    Labels: z.record(z.string(), z.string()).nullish(),
    Env: z.array(z.string()).nullish(),
  }),
  State: z.object({
    Running: z.boolean(),
    StartedAt: z.string().catch(""),
    FinishedAt: z.string().catch(""),
  }),
  HostConfig: z.object({
    LogConfig: z.object({
      Type: z.string(),
      Config: z.record(z.string(), z.string()).nullish(),
      // Only where Podman was asked: podman.ts.
      Path: z.string().catch(""),
    }),
  }),
});

/** Called for each label that cannot be used. */
export type BadLabel = (label: string, problem: string) => void;

/** Reads an inspect answer. Throws a ZodError when the engine answers something else than a container. */
export function readInspect(answer: Docker.ContainerInspectInfo, badLabel: BadLabel): WatchedContainer {
  const info = inspectSchema.parse(answer);
  const labels = info.Config.Labels ?? {};
  const env = readEnvironment(info.Config.Env ?? []);
  const name = info.Name.replace(/^\//, "");
  const composeService = labels["com.docker.compose.service"];
  const { Type: logDriver, Config: logOptions, Path: logPath } = info.HostConfig.LogConfig;
  const level = labels["log-sidecar.level"] ?? env["ONNX_LOG_LEVEL"];
  return {
    container: {
      id: info.Id,
      name,
      image: info.Config.Image,
      labels,
      composeProject: labels["com.docker.compose.project"],
      composeService,
      componentLabel: nonEmpty(labels["log-sidecar.component"], "log-sidecar.component", badLabel),
      componentDefault: composeService ?? name,
      minLevel: level === undefined ? undefined : readLevel(level, badLabel),
      format: labels["log-sidecar.format"] ?? env["ONNX_LOG_FORMAT"],
      multiline: nonEmpty(labels["log-sidecar.multiline"], "log-sidecar.multiline", badLabel),
    },
    tty: info.Config.Tty,
    logDriver,
    logPath,
    ...readRotation(logDriver, logOptions ?? {}),
    running: info.State.Running,
    startedAt: info.State.StartedAt,
    logBeganAt: logBegan(info),
  };
}

/** Go's zero time: it has not ended yet. */
const NEVER = "0001-01-01T00:00:00Z";

function logBegan({ Created, State }: z.infer<typeof inspectSchema>): string {
  const isFirstRun = State.FinishedAt === NEVER && State.StartedAt > Created;
  return isFirstRun ? State.StartedAt : Created;
}

/** Whether the container's own labels and environment want it collected: false, true, or undefined for no word on it. */
export function readEnabled(
  labels: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  badLabel: BadLabel,
): boolean | undefined {
  const label = labels["log-sidecar.enable"];
  const fromLabel = readBoolean(label);
  if (label !== undefined && fromLabel === undefined)
    badLabel("log-sidecar.enable", `"${label}" is neither true nor false`);
  return fromLabel ?? readBoolean(env["ONNX_ENABLE_UNIFIED_LOGGING"]);
}

/** `NAME=value` pairs as the engine lists them. */
export function readEnvironment(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function readBoolean(text: string | undefined): boolean | undefined {
  const word = text?.trim().toLowerCase();
  if (word === undefined) return undefined;
  if (["true", "1", "yes", "on"].includes(word)) return true;
  return ["false", "0", "no", "off"].includes(word) ? false : undefined;
}

function readLevel(text: string, badLabel: BadLabel): Level | undefined {
  const level = levelOfWord(text);
  if (level === undefined) badLabel("log-sidecar.level", `"${text}" is none of ${LEVELS.join(", ")}`);
  return level;
}

function nonEmpty(text: string | undefined, label: string, badLabel: BadLabel): string | undefined {
  if (text === undefined || text.trim() !== "") return text;
  badLabel(label, "it is empty");
  return undefined;
}
