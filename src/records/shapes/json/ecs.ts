import { otelLevel, syslogLevel } from "../../../core/level-words.js";
import type { JsonShape } from "./shape.js";

/** Elastic Common Schema, as dotted keys or nested objects. */
export const ecs: JsonShape = {
  name: "ecs",
  keys: [
    { field: "level", key: "log.level" },
    { field: "level", key: "log", inner: "level" },
    { field: "component", key: "service.name" },
    { field: "eventType", key: "event.action" },
  ],
};

/** OpenTelemetry's log model, as collectors and SDKs print it. */
export const otel: JsonShape = {
  name: "otel",
  keys: [
    { field: "level", key: "SeverityText" },
    { field: "level", key: "severityText" },
    { field: "level", key: "severity_text" },
    { field: "level", key: "SeverityNumber", scale: otelLevel },
    { field: "level", key: "severityNumber", scale: otelLevel },
    { field: "level", key: "severity_number", scale: otelLevel },
    { field: "message", key: "Body" },
    { field: "message", key: "body" },
  ],
};

/** systemd's journal as `journalctl -o json` prints it: priorities are syslog's. */
export const journal: JsonShape = {
  name: "journal",
  keys: [
    { field: "level", key: "PRIORITY", scale: syslogLevel },
    { field: "message", key: "MESSAGE" },
    { field: "component", key: "SYSLOG_IDENTIFIER" },
  ],
};
