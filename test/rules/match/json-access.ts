import { fieldPath, headsOf, scalarsOf } from "../../../src/rules/match/lookup.js";
import type { FieldAccess } from "../../../src/rules/match/types.js";

/** The simplest subject: one JSON event. */
export const jsonAccess: FieldAccess<object> = {
  field: (name) => fieldPath(name),
  values: (event) => scalarsOf(event),
  keys: { each: (event, visit) => Object.keys(event).forEach(visit), heads: headsOf },
};
