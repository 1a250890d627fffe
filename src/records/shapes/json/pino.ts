import type { JsonObject } from "../../../core/record.js";
import type { JsonShape } from "./shape.js";

/** pino and bunyan: `level` is a number from 10 to 60, and `name` is the program's name. */
export const pino: JsonShape = {
  name: "pino",
  keys: [{ field: "component", key: "name", only: hasNumberedLevel }],
};

function hasNumberedLevel(data: JsonObject): boolean {
  return typeof data["level"] === "number" && typeof data["pid"] === "number";
}
