import type { JsonObject } from "../../../core/record.js";

/** `{Name}`, `{@Name,5:format}`, and the doubled braces that stand for one. */
const HOLE = /\{\{|\}\}|\{[@$]?(\w{1,100})(?:,-?\d{1,4})?(:[^{}]{0,100})?\}/g;

/**
 * `Hello {Name}` with the properties of the event (https://messagetemplates.org), which stand in the object itself (CLEF) or
 * below `Properties`. Holes with a format take what `@r` has for them, in order. Unknown holes stay.
 */
export function fillTemplate(template: string, data: JsonObject): string {
  if (!template.includes("{") && !template.includes("}}")) return template;
  const properties = isObject(data["Properties"]) ? data["Properties"] : data;
  const renderings = Array.isArray(data["@r"]) ? (data["@r"] as readonly unknown[]) : [];
  let rendered = 0;
  return template.replace(HOLE, (hole, name: string | undefined, format: string | undefined) => {
    if (name === undefined) return hole.charAt(0);
    if (format !== undefined) {
      const rendering = renderings[rendered];
      rendered += 1;
      if (typeof rendering === "string") return rendering;
    }
    const value = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (value === undefined) return hole;
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null;
}
