import type { JsonShape } from "./shape.js";

/**
 * AuroraQ unified logging v1.0: `{category, level, component, event_type, message, metadata, tags, timestamp}`.
 * Each field is taken as said; the category is a wish.
 */
export const v1: JsonShape = {
  name: "v1",
  keys: [
    { field: "wish", key: "category" },
    { field: "level", key: "level" },
    { field: "component", key: "component" },
    { field: "eventType", key: "event_type" },
    { field: "message", key: "message" },
    { field: "tags", key: "tags" },
  ],
};
