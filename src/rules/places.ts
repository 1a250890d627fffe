import type { Target } from "../core/decision.js";

/** What a target writes to, by name: a place takes a record once, however many rules send it there. */
export function placeOf(target: Target): string {
  if (target.category === "summary") return `summary ${target.table}`;
  return target.category === "training" ? `training ${target.dataset}` : target.category;
}
