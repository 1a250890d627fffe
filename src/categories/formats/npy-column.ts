import { jsonText } from "./json-text.js";
import { boolArray, float64Array, int64Array, type NpyArray, textArray, uint64Array } from "./npy.js";

/** A text array takes this many bytes at most: one long text in 10,000 must not blow all of them up to its length. */
const TEXT_LIMIT_BYTES = 256 * 1024 * 1024;

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/** What the values of a column have in common. */
interface Census {
  missing: boolean;
  booleans: boolean;
  integers: boolean;
  fractions: boolean;
  /** Text, or arrays and objects, which are written as JSON text. */
  texts: boolean;
  negatives: boolean;
  /** Of the bigints among them. */
  min: bigint;
  max: bigint;
}

/**
 * The narrowest array that holds all values of one column:
 * - only booleans: bool; integers (booleans among them count as 0 and 1): int64, or uint64 where that is needed;
 * - other numbers, and numbers or booleans of which some are missing: float64, the missing ones NaN;
 * - anything else, and integers beyond 2^53 of which some are missing (NaN would cost all others their last digits): text, the
 *   missing ones empty; numbers, arrays and objects as JSON text.
 */
export function npyColumn(values: readonly unknown[]): NpyArray {
  const census = takeCensus(values);
  if (census.texts) return textColumn(values);
  const isInt64 = census.min >= INT64_MIN && census.max <= INT64_MAX;
  const isUint64 = !census.negatives && census.max <= UINT64_MAX;
  const isLong = census.min < 0n || census.max > 0n;
  if (census.missing && !census.fractions && isLong && (isInt64 || isUint64)) return textColumn(values);
  if (!census.missing && !census.fractions) {
    if (census.booleans && !census.integers) return boolArray(values as boolean[]);
    if (isInt64) return int64Array(values.map(toBigInt));
    if (isUint64) return uint64Array(values.map(toBigInt));
  }
  return float64Array(values.map((value) => (isMissing(value) ? Number.NaN : Number(value))));
}

function takeCensus(values: readonly unknown[]): Census {
  const census: Census = {
    missing: values.length === 0,
    booleans: false,
    integers: false,
    fractions: false,
    texts: false,
    negatives: false,
    min: 0n,
    max: 0n,
  };
  for (const value of values) {
    if (isMissing(value)) census.missing = true;
    else if (typeof value === "boolean") census.booleans = true;
    else if (typeof value === "bigint") countBigInt(census, value);
    else if (typeof value !== "number") census.texts = true;
    else if (!Number.isSafeInteger(value) || Object.is(value, -0)) census.fractions = true;
    else {
      census.integers = true;
      if (value < 0) census.negatives = true;
    }
  }
  return census;
}

function countBigInt(census: Census, value: bigint): void {
  census.integers = true;
  if (value < 0n) census.negatives = true;
  if (value < census.min) census.min = value;
  if (value > census.max) census.max = value;
}

function textColumn(values: readonly unknown[]): NpyArray {
  const texts = values.map((value) => {
    if (isMissing(value)) return "";
    return typeof value === "string" ? value : jsonText(value);
  });
  const widest = Math.max(1, Math.floor(TEXT_LIMIT_BYTES / 4 / texts.length));
  let longest = 1;
  let cut = 0;
  for (const text of texts) {
    const length = text.length > longest || text.length > widest ? [...text].length : 0;
    longest = Math.max(longest, length);
    if (length > widest) cut += 1;
  }
  return { ...textArray(texts, Math.min(longest, widest)), cut };
}

function toBigInt(value: unknown): bigint {
  return typeof value === "bigint" ? value : BigInt(Number(value));
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined;
}
