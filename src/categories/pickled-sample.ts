import { type Sample, type SampleSchema, uniqueNames } from "./sample.js";

const RESERVED = ["ts", "features", "label"];

/**
 * Makes the dict of a sample: `ts` (text), `features` (list of numbers), `label` when the rule names one, and the other named fields,
 * None where they are missing, so that all dicts of a file have the same keys.
 */
export function pickledSample(schema: SampleSchema): (sample: Sample) => Readonly<Record<string, unknown>> {
  const names = uniqueNames(RESERVED, schema.fields);
  return ({ ts, features, label, fields }) => {
    const head: [string, unknown][] = [
      ["ts", ts],
      ["features", features],
    ];
    if (schema.label !== null) head.push(["label", label]);
    // Not by assignment: a field may be called `__proto__`.
    return Object.fromEntries([
      ...head,
      ...names.map((name, column): [string, unknown] => [name, fields[column]]),
    ]);
  };
}
