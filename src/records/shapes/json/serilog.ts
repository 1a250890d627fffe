import { levelOfNumber } from "../../../core/level-words.js";
import { fillTemplate } from "./message-template.js";
import type { JsonShape } from "./shape.js";

/** Serilog's compact format (CLEF): `@t`, `@l` (absent for information), `@m` or the template `@mt`, `@x`. */
export const serilog: JsonShape = {
  name: "serilog",
  keys: [
    { field: "level", key: "@l", scale: levelOfNumber },
    { field: "message", key: "@m" },
    { field: "message", key: "@mt", render: fillTemplate },
    // Serilog's older JsonFormatter: Level, MessageTemplate, RenderedMessage, Properties.
    { field: "message", key: "RenderedMessage" },
    { field: "message", key: "MessageTemplate", render: fillTemplate },
  ],
};

/** .NET's own JSON console: `LogLevel`, `Message`, `Category` (a class name, so not the component). */
export const dotnet: JsonShape = {
  name: "dotnet-json",
  keys: [{ field: "level", key: "LogLevel" }],
};
