import { z } from "zod";
import { fieldAliasesSchema } from "./field-aliases.js";
import { httpAddress, httpHosts, httpToken } from "./http.js";
import { level, logLevel } from "./levels.js";
import { logsourcesSchema } from "./logsources.js";
import { natsPrefix, natsServers } from "./nats.js";
import { redactKeepSchema } from "./redact-keep.js";
import { retentionSchema } from "./retention.js";
import { structured } from "./structured.js";
import { count, cron, days, duration, flag, oneOf, percent, since, size, timeZone } from "./values.js";

const DAY_MS = 86_400_000;

/**
 * Every setting. The key `segmentSize` is the variable SIDECAR_SEGMENT_SIZE, the flag --segment-size and the key
 * `segmentSize` of sidecar.yaml. The description is what `--help` and the README show.
 */
export const settingsSchema = z.strictObject({
  logDir: z.string().min(1).prefault("/app/logs").describe("the log folder"),
  rulesDir: z
    .string()
    .min(1)
    .optional()
    .describe("folders with rules, separated by a colon; by default the shipped rules"),
  logsources: structured(logsourcesSchema)
    .prefault("[]")
    .describe("Sigma log sources by compose service or image: [{service: api, product: django}]"),
  fieldAliases: structured(fieldAliasesSchema)
    .prefault("[]")
    .describe("other names of fields for Sigma rules: [{category: webserver, fields: {c-ip: client}}]"),
  scope: oneOf("project", "all", "labelled")
    .optional()
    .describe(
      "which containers: project (the own compose project, the default inside one), all, or labelled",
    ),
  component: z
    .string()
    .min(1)
    .optional()
    .describe("of a pipe or a program: the component of all its records"),
  level: level
    .optional()
    .describe("of a pipe or a program: records below this level are dropped and counted"),
  format: z
    .string()
    .min(1)
    .optional()
    .describe("of a pipe or a program: how its text lines look, tried first"),
  multiline: z
    .string()
    .min(1)
    .optional()
    .describe("of a pipe or a program: a regular expression that the first line of each event matches"),
  logsource: z
    .string()
    .min(1)
    .optional()
    .describe("of a pipe or a program: Sigma's log source, such as product=django,service=api"),
  since: since
    .prefault("beginning")
    .describe("where to begin in containers not seen before: beginning, now, or 24h"),
  engineFiles: z
    .string()
    .min(1)
    .optional()
    .describe(
      "the engine's folder of containers, where it is mounted: json-file logs are read from their files",
    ),
  timeZone: timeZone.prefault("UTC").describe("time zone of the dates in file names; TZ is heard too"),
  segmentSize: size(1024, 1e9)
    .prefault("64MB")
    .describe("a file that has grown past this goes on in the next"),
  maxLine: size(1024, 64e6).prefault("1MB").describe("longer lines are cut here"),
  maxNames: count(1, 100_000).prefault(500).describe("names of a kind that get a folder of their own"),
  maxGroups: count(1, 1_000_000)
    .prefault(2000)
    .describe("open groups of windows; beyond it the one least recently added to is written early"),
  batchSize: count(1, 1_000_000).prefault(50).describe("records after which a commit is due"),
  flushInterval: duration(100, DAY_MS)
    .prefault("60s")
    .describe("a commit is due this long after a record at the latest"),
  bufferLimit: size(1e6)
    .prefault("512MB")
    .describe("memory for what waits to be written; reading pauses at it"),
  trainingSamples: count(1, 10_000_000)
    .prefault(10_000)
    .describe("samples after which a training file is sealed"),
  trainingAge: duration(1000, DAY_MS)
    .prefault("15m")
    .describe("age of its first sample at which it is sealed"),
  retention: structured(retentionSchema)
    .prefault("{}")
    .describe(
      "when old files are compressed, archived and deleted: {raw: {compress: 1d, archive: 3d, delete: 7d}}",
    ),
  retentionCron: cron
    .prefault("0 * * * *")
    .describe("when retention runs, as a cron expression; off for never"),
  diskHigh: percent
    .prefault("85")
    .describe("percent of the disk in use at which the emergency cleanup begins"),
  diskTarget: percent
    .prefault("80")
    .describe("percent of the disk in use that the emergency cleanup aims at"),
  maxSize: size(1e6).optional().describe("the files of the log folder together may not grow past this"),
  wishQuota: size(0)
    .prefault("64MB")
    .describe(
      "of a container's lines that call themselves tagged, so much a day goes there; the rest goes to raw",
    ),
  permanentQuota: size(0)
    .prefault("64MB")
    .describe(
      "of a container's records that rules keep for ever, so much a day goes to tagged; the rest goes to raw, which has an end",
    ),
  shedDebug: flag
    .prefault("false")
    .describe("at 95 percent of the disk in use, leave records of level debug and trace out of raw"),
  searchIndex: flag
    .prefault("true")
    .describe("make an index of each sealed segment, so that searches pass over those that hold nothing"),
  floor: days.prefault("1d").describe("days of each category that no emergency cleanup deletes"),
  redact: oneOf("on", "off")
    .prefault("on")
    .describe("take passwords, tokens, keys and card numbers out of lines before they are written"),
  redactKeep: structured(redactKeepSchema)
    .prefault("[]")
    .describe(
      "names whose values are no secrets: [auction_token, {component: desk, names: [session_key]}], or names with commas",
    ),
  http: httpAddress
    .optional()
    .describe(
      "where HTTP answers, or off; by default 127.0.0.1:9600 while containers are collected, off for a pipe or a command",
    ),
  httpToken: httpToken
    .optional()
    .describe("what requests must show; without it records are shown on loopback only"),
  httpTokenFile: z.string().min(1).optional().describe("a file that holds the token"),
  httpHosts: httpHosts
    .optional()
    .describe("names, separated by commas, under which HTTP is asked beside its addresses and localhost"),
  forward: natsServers
    .optional()
    .describe(
      "publish what containers print to these NATS servers, instead of storing it here: nats://10.0.0.1:4222,…",
    ),
  forwardStore: flag.prefault("false").describe("of `--forward`: store here, too, what is published"),
  nats: natsServers.optional().describe("of `--source nats`: the servers to read from"),
  natsPrefix: natsPrefix
    .prefault("logs")
    .describe("how subjects begin; its stream has the same name, with dashes for dots"),
  natsDomain: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/, "expected letters, digits and dashes, such as logs")
    .optional()
    .describe("the JetStream domain of the stream, or the name by which an account of a host reaches it"),
  natsCredsFile: z.string().min(1).optional().describe("a credentials file for NATS (JWT and NKey)"),
  natsNkeyFile: z.string().min(1).optional().describe("a file that holds the seed of an NKey"),
  natsUserFile: z
    .string()
    .min(1)
    .optional()
    .describe("a file that holds user:password, or a token, for NATS"),
  natsCaFile: z
    .string()
    .min(1)
    .optional()
    .describe("certificates of the authority that the NATS servers' are checked by; turns TLS on"),
  natsCertFile: z.string().min(1).optional().describe("the own certificate for TLS to NATS"),
  natsKeyFile: z.string().min(1).optional().describe("its key"),
  host: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("the name of this host for `--forward`; by default the one that its Docker Engine gives"),
  hostFolders: flag
    .prefault("false")
    .describe(
      "of `--source nats`: raw has a folder for each component and host, api@web-1, instead of one for all hosts",
    ),
  lane: oneOf("on", "off")
    .prefault("on")
    .describe("lines of kinds that were met before take a shorter way to the same files"),
  logLevel: logLevel.prefault("info").describe("level of the sidecar's own log"),
});

export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof Settings;

/** Names in the order in which they are shown. */
export const SETTING_NAMES = Object.keys(settingsSchema.shape) as SettingName[];

/** Settings whose values are not shown anywhere. */
export const SECRET_SETTINGS: readonly SettingName[] = ["httpToken"];

/** What a setting is for. */
export function describeSetting(name: SettingName): string {
  return settingsSchema.shape[name].description ?? "";
}

/** The default as a user would write it; undefined where leaving the setting out means something else. */
export function defaultOf(name: SettingName): string | undefined {
  const { def } = settingsSchema.shape[name];
  return "defaultValue" in def ? String(def.defaultValue) : undefined;
}

/** Variables that are heard besides `SIDECAR_…`: v1.0's name of the log folder, and the system's time zone. */
export const OTHER_VARIABLES: Readonly<Record<string, SettingName>> = {
  ONNX_UNIFIED_LOG_DIR: "logDir",
  TZ: "timeZone",
};

/** Variables with the prefix that are no settings. */
export const NOT_SETTINGS: readonly string[] = [
  "SIDECAR_CONFIG",
  "SIDECAR_DROP_TO",
  "SIDECAR_FORWARDER_PORT",
  "SIDECAR_IMAGE",
  "SIDECAR_PORT",
];

/** `segmentSize` as SIDECAR_SEGMENT_SIZE. */
export function variableOf(name: SettingName): string {
  return `SIDECAR_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** `segmentSize` as --segment-size. */
export function flagOf(name: SettingName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
