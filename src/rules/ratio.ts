import type { FieldReader } from "../core/decision.js";
import { numberOf } from "./match/text.js";

/** `ratio(failed, all)`: one field divided by another. */
const RATIO = /^ratio\(\s*([^(),]+?)\s*,\s*([^(),]+?)\s*\)$/;

/** The two fields of a ratio; undefined for any other name. */
export function ratioOf(name: string): readonly [over: string, under: string] | undefined {
  const [, over, under] = RATIO.exec(name) ?? [];
  return over === undefined || under === undefined ? undefined : [over, under];
}

/** Undefined unless both are numbers, the second not 0. */
export function readRatio(
  [over, under]: readonly [string, string],
  read: (name: string) => FieldReader,
): FieldReader {
  const readOver = read(over);
  const readUnder = read(under);
  return (record) => {
    const ratio = numberOf(readOver(record)) / numberOf(readUnder(record));
    return Number.isFinite(ratio) ? ratio : undefined;
  };
}
