import { type Sample, type SampleSchema, uniqueNames } from "./sample.js";

/** The keys of a sample's dict that the sidecar gives. */
function ownKeys({ label, weight }: SampleSchema): string[] {
  return ["ts", "features", ...(label === null ? [] : ["label"]), ...(weight === null ? [] : ["weight"])];
}

/** The keys of each dict: the sidecar's own, then the named fields. */
export function keysOf(schema: SampleSchema): string[] {
  const own = ownKeys(schema);
  return [...own, ...uniqueNames([...own, "label"], schema.fields)];
}

/**
 * Makes the dict of a sample: `ts` (text), `features` (list of numbers), `label` and `weight` when the rule names them, and the other named
 * fields, None where they are missing, so that all dicts of a file have the same keys.
 */
export function pickledSample(schema: SampleSchema): (sample: Sample) => Readonly<Record<string, unknown>> {
  const keys = keysOf(schema);
  return ({ ts, features, label, weight, fields }) => {
    const values: unknown[] = [ts, features];
    if (schema.label !== null) values.push(label);
    if (schema.weight !== null) values.push(weight);
    values.push(...fields);
    // Not by assignment: a field may be called `__proto__`.
    return Object.fromEntries(keys.map((key, at) => [key, values[at]]));
  };
}
