import { syslogLevel } from "../../../core/level-words.js";
import type { JsonObject } from "../../../core/record.js";
import type { JsonShape } from "./shape.js";

/** PHP's Monolog: `level` is 100 to 600, `level_name` its word. */
export const monolog: JsonShape = {
  name: "monolog",
  keys: [{ field: "level", key: "level_name" }],
};

/** Graylog's GELF: `short_message`, and `level` is syslog's severity. */
export const gelf: JsonShape = {
  name: "gelf",
  keys: [
    { field: "level", key: "level", scale: syslogLevel, numbersOnly: true, only: isGelf },
    { field: "message", key: "short_message" },
  ],
};

function isGelf(data: JsonObject): boolean {
  return typeof data["short_message"] === "string";
}
