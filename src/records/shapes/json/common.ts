import { severityNumber } from "./scales.js";
import type { JsonShape } from "./shape.js";

/**
 * The keys that most libraries share: winston, zap, logrus, slog, zerolog, python-json-logger, logstash-encoder
 * (logback), Caddy and hand-made JSON. A component is what names the program (`service`, `app`); a logger's name
 * (`logger`, `name`) is a place inside it and stays in the data.
 */
export const common: JsonShape = {
  name: "json",
  keys: [
    { field: "level", key: "severity", scale: severityNumber },
    { field: "level", key: "lvl" },
    { field: "level", key: "loglevel" },
    { field: "level", key: "log_level" },
    { field: "level", key: "logLevel" },
    { field: "level", key: "Level" },
    { field: "level", key: "LEVEL" },
    { field: "level", key: "Severity" },
    { field: "message", key: "msg" },
    { field: "message", key: "Message" },
    { field: "message", key: "Msg" },
    { field: "component", key: "service", inner: "name", orText: true },
    { field: "component", key: "service_name" },
    { field: "component", key: "app" },
    { field: "component", key: "application" },
    { field: "component", key: "app_name" },
    { field: "eventType", key: "eventType" },
    { field: "eventType", key: "event_name" },
    { field: "eventType", key: "eventName" },
    { field: "eventType", key: "type" },
  ],
};
