import type { JsonObject } from "../../../core/record.js";
import type { JsonShape } from "./shape.js";

/**
 * MongoDB since 4.4: `{"t":{"$date":…},"s":"I","c":"NETWORK","id":22943,"ctx":…,"msg":…}`. `c` is a part of the
 * server, as a logger's name is, and stays in the data.
 */
export const mongodb: JsonShape = {
  name: "mongodb",
  keys: [{ field: "level", key: "s", only: isMongo }],
};

function isMongo(data: JsonObject): boolean {
  return typeof data["t"] === "object" && typeof data["ctx"] === "string";
}
