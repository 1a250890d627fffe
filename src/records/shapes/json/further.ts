import { syslogLevel } from "../../../core/level-words.js";
import type { JsonObject } from "../../../core/record.js";
import { logbackLevel } from "./scales.js";
import type { JsonShape } from "./shape.js";

/**
 * Further names, and fields that stand one object deeper. Each line names who writes so; what comes later counts where the
 * names before it say nothing.
 */
export const further: JsonShape = {
  name: "further",
  keys: [
    // hclog (Terraform, Vault, Consul, Nomad): @level, @message, @module.
    { field: "level", key: "@level" },
    { field: "message", key: "@message" },
    // PostgreSQL's jsonlog: error_severity (docs, 20.8.6).
    { field: "level", key: "error_severity" },
    // AWS Lambda Powertools for TypeScript, roarr: context.logLevel; roarr's are pino's tens.
    { field: "level", key: "context", inner: "logLevel" },
    { field: "level", key: "_logLevel" },
    { field: "level", key: "levelName" },
    { field: "level", key: "level_text" },
    { field: "level", key: "severity_label" },
    // logback's logstash-encoder beside `level`; alone where that was left out.
    { field: "level", key: "level_value", scale: logbackLevel },
    // loguru with serialize=True: {"text": "…\n", "record": {"level": {"name": "INFO", "no": 20}, "message": …}}.
    { field: "level", key: "record", inner: ["level", "name"] },
    { field: "message", key: "record", inner: "message" },
    // log4js' JSON layouts: {"level": {"level": 40000, "levelStr": "ERROR"}}.
    { field: "level", key: "level", inner: "levelStr" },
    { field: "level", key: "level", inner: "name" },
    // tslog 4: {"0": "text", "_meta": {"logLevelName": "INFO"}}; `_logMeta` where a message is named.
    { field: "level", key: "_meta", inner: "logLevelName" },
    { field: "level", key: "_logMeta", inner: "logLevelName" },
    { field: "message", key: "0", only: hasMeta },
    // winston's logstash format, and Logstash's events before version 1.
    { field: "level", key: "@fields", inner: "level" },
    { field: "message", key: "@fields", inner: "message" },
    // tracing-subscriber's JSON: {"level": "INFO", "fields": {"message": "…"}, "target": "…"}.
    { field: "level", key: "fields", inner: "level" },
    { field: "message", key: "fields", inner: "message" },
    { field: "message", key: "fields", inner: "msg" },
    // slog with its attributes in a group, zap's and zerolog's with everything below one key.
    ...["log", "meta", "entry", "logger"].flatMap((key): JsonShape["keys"] => [
      { field: "level", key, inner: "level" },
      { field: "level", key, inner: "severity" },
      { field: "message", key, inner: "message" },
      { field: "message", key, inner: "msg" },
    ]),
    // OTLP as JSON: {"body": {"stringValue": "…"}}.
    { field: "message", key: "body", inner: "stringValue" },
    { field: "message", key: "Body", inner: "stringValue" },
    // Graylog's clients, VictoriaLogs, Supabase, and programs of one's own.
    { field: "message", key: "_msg" },
    { field: "message", key: "full_message" },
    { field: "message", key: "event_message" },
    { field: "message", key: "logMessage" },
    { field: "message", key: "log_message" },
    { field: "message", key: "text" },
    // Datadog's `status` is a level where its other attributes stand beside it.
    { field: "level", key: "status", only: isDatadog },
    // Syslog's severity, by number: one to seven are no level of slog's; only in lines that say a text and a time.
    { field: "level", key: "level", scale: syslogLevel, numbersOnly: true, only: isLogLine },
    { field: "level", key: "severity", scale: syslogLevel, only: isLogLine },
    // A line that tells of an error alone: {"level": "error", "err": {"message": "…"}}.
    { field: "message", key: "error", inner: "message" },
    { field: "message", key: "err", inner: "message" },
    { field: "message", key: "exception", inner: "message" },
    { field: "message", key: "error" },
    { field: "message", key: "err" },
  ],
};

function hasMeta(data: JsonObject): boolean {
  return typeof data["_meta"] === "object";
}

function isDatadog(data: JsonObject): boolean {
  return "ddsource" in data || "ddtags" in data || "dd.trace_id" in data || typeof data["dd"] === "object";
}

const TEXTS = ["message", "msg", "short_message", "text", "event", "log"];
const TIMES = ["time", "ts", "timestamp", "@timestamp", "datetime", "date"];

/** A game's or a user's level stands in no line of a log that says a text and a time. */
function isLogLine(data: JsonObject): boolean {
  return TEXTS.some((key) => typeof data[key] === "string") && TIMES.some((key) => data[key] !== undefined);
}
