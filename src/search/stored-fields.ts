import { LEVEL_RANK } from "../core/level.js";
import type { Entry } from "../reading/entries.js";
import { rowOf } from "../reading/rows.js";
import { type FieldAccess, fieldPath, scalarsOf } from "../rules/match/compile.js";

/** A stored line as its fields: what the sidecar wrote, and what the app said. */
export interface StoredFields {
  readonly own: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

const NONE: StoredFields = { own: {}, data: undefined };
const LEVEL_ORDER: ReadonlyMap<string, number> = new Map(Object.entries(LEVEL_RANK));
/** Under the names that rules use. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  "container.name": "container",
  "container.host": "host",
};

/** The fields of an entry; none of a line that somebody else wrote. */
export function fieldsOf(entry: Entry): StoredFields {
  if (entry.header !== undefined) {
    const { ts, table, columns } = rowOf(entry);
    return { own: { ts, table }, data: columns };
  }
  try {
    const own = JSON.parse(entry.text) as Record<string, unknown>;
    return typeof own === "object" && own !== null ? { own, data: own["data"] } : NONE;
  } catch {
    return NONE;
  }
}

/** How the rules' matching language reaches them: the record's own fields first, as in a rule. */
export const storedAccess: FieldAccess<StoredFields> = {
  field(name) {
    const ownName = OTHER_NAMES[name] ?? name;
    const inData = fieldPath(name);
    return ({ own, data }) => {
      if (ownName !== "data" && Object.hasOwn(own, ownName)) return own[ownName];
      const value = inData(data) ?? inData(metadataOf(data));
      return value ?? (name.startsWith("data.") ? inData(own) : undefined);
    };
  },
  values: ({ own, data }) => scalarsOf([own, data]),
  order: (name) => (name === "level" ? LEVEL_ORDER : undefined),
};

function metadataOf(data: unknown): unknown {
  return typeof data === "object" && data !== null ? (data as { metadata?: unknown }).metadata : undefined;
}
