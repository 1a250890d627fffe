import { pythonLevel } from "../../../core/level-words.js";
import type { JsonShape } from "./shape.js";

/** python-json-logger: the names of Python's LogRecord attributes. */
export const pythonJson: JsonShape = {
  name: "python-json",
  keys: [
    { field: "level", key: "levelname" },
    { field: "level", key: "levelno", scale: pythonLevel },
  ],
};

/**
 * structlog: the text stands under `event`; one that is a single word (`login_failed`) is the event's type too.
 * Beside a `message`, `event` is the type alone.
 */
export const structlog: JsonShape = {
  name: "structlog",
  keys: [
    { field: "level", key: "level_number", scale: pythonLevel },
    { field: "eventType", key: "event", inner: "action", orText: true },
    { field: "message", key: "event" },
  ],
};
