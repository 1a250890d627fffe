import { compileItem } from "./item.js";
import { allOf, anyOf, type Part } from "./part.js";
import { below, isScalar, type Place, report, type Scalar } from "./place.js";
import type { FieldAccess } from "./types.js";

/**
 * Compiles a selection: a map is "and", a list of maps is "any", a list of strings are keywords, "any" too.
 * Problems are reported at their places; undefined when there is one.
 */
export function compileSelection<S>(
  selection: unknown,
  access: FieldAccess<S>,
  place: Place,
): Part<S> | undefined {
  if (Array.isArray(selection)) return compileList(selection, access, place);
  if (isMap(selection)) return compileMap(selection, access, place);
  if (selection === null || selection === undefined) return report(place, "the selection is empty");
  return report(place, "a selection is a map of fields or a list; for a keyword write a list with one item");
}

/** Whether a value is a map of a YAML document. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function compileMap<S>(
  map: Record<string, unknown>,
  access: FieldAccess<S>,
  place: Place,
): Part<S> | undefined {
  const entries = Object.entries(map);
  if (entries.length === 0) return report(place, "the selection is empty");
  const parts = entries.map(([key, value]) => compileItem(key, value, access, below(place, key)));
  return parts.every((part) => part !== undefined) ? allOf(parts) : undefined;
}

function compileList<S>(list: readonly unknown[], access: FieldAccess<S>, place: Place): Part<S> | undefined {
  if (list.length === 0) return report(place, "the selection is empty");
  const keywords: Scalar[] = [];
  const parts: (Part<S> | undefined)[] = [];
  for (const [at, item] of list.entries()) {
    const inside = below(place, at);
    if (isScalar(item)) {
      if (item === "") parts.push(report(inside, "an empty keyword would be found in everything"));
      else keywords.push(item);
    } else if (isMap(item)) parts.push(compileMap(item, access, inside));
    else if (item === null || item === undefined) parts.push(report(inside, "null is no keyword"));
    else parts.push(report(inside, "a list can't be part of a list; write a map of fields or a keyword"));
  }
  if (keywords.length > 0) parts.push(compileItem("", keywords, access, place));
  return parts.every((part) => part !== undefined) ? anyOf(parts) : undefined;
}
