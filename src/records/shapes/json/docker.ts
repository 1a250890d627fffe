import type { JsonShape } from "./shape.js";

/** Docker's json-file log: `{"log":"…\n","stream":"stdout","time":"…"}`. */
export const docker: JsonShape = {
  name: "docker-json",
  keys: [{ field: "message", key: "log" }],
};
