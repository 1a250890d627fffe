import type { JsonObject } from "../../../core/record.js";
import { levelOfNumber } from "../../levels.js";
import type { JsonShape } from "./shape.js";

/** Serilog's compact format (CLEF): `@t`, `@l` (absent for information), `@m` or the template `@mt`, `@x`. */
export const serilog: JsonShape = {
  name: "serilog",
  keys: [
    { field: "level", key: "@l", scale: levelOfNumber },
    { field: "message", key: "@m" },
    { field: "message", key: "@mt", render: fillTemplate },
  ],
};

/** .NET's own JSON console: `LogLevel`, `Message`, `Category` (a class name, so not the component). */
export const dotnet: JsonShape = {
  name: "dotnet-json",
  keys: [{ field: "level", key: "LogLevel" }],
};

/** `Hello {Name}` with the properties of the event; https://messagetemplates.org. Unknown holes stay. */
function fillTemplate(template: string, data: JsonObject): string {
  if (!template.includes("{")) return template;
  return template.replace(/\{[@$]?(\w{1,100})(?:,-?\d{1,4})?(?::[^{}]{0,100})?\}/g, (hole, name: string) => {
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    if (value === undefined) return hole;
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}
