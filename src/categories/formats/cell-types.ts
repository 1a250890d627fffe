import { isEngineTime, nsToTime, timeToNs } from "../../core/time.js";
import { COLUMN_TYPES, type ColumnType } from "./parquet.js";

/** As a number is written by `csvCell`. Text such as `007` and `+5` would be another one afterwards. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const INTEGER = /^-?(?:0|[1-9]\d*)$/;
const INFINITY = /^-?inf$/;
const TIME_CHARACTERS = 30;
const [MIN_INT64, MAX_INT64] = [-(2n ** 63n), 2n ** 63n - 1n];

type Test = (cell: string) => boolean;

/** The first that holds for all cells of a column is its type. Fractions may lose what a double has no room for; all else loses nothing. */
const CANDIDATES: readonly { readonly type: ColumnType; readonly holds: Test }[] = [
  { type: COLUMN_TYPES.int64, holds: (cell) => cell !== "-0" && INTEGER.test(cell) && isInt64(BigInt(cell)) },
  { type: COLUMN_TYPES.double, holds: isDouble },
  { type: COLUMN_TYPES.time, holds: isTime },
  { type: COLUMN_TYPES.bool, holds: (cell) => cell === "true" || cell === "false" },
];

/** Finds the type of a table's column, cell by cell; a table itself has none. */
export class ColumnGuess {
  #left = CANDIDATES;
  #isEmpty = true;

  /** Empty cells, which are missing values, fit any type. */
  add(cell: string): void {
    if (cell === "" || this.#left.length === 0) return;
    this.#isEmpty = false;
    if (this.#left.every(({ holds }) => holds(cell))) return;
    this.#left = this.#left.filter(({ holds }) => holds(cell));
  }

  get type(): ColumnType {
    return this.#isEmpty ? COLUMN_TYPES.text : (this.#left[0]?.type ?? COLUMN_TYPES.text);
  }
}

/** The value of a cell that fits the type; null for an empty one. */
export function valueOfCell(cell: string, type: ColumnType): string | number | bigint | boolean | null {
  if (cell === "") return null;
  switch (type) {
    case COLUMN_TYPES.int64:
      return BigInt(cell);
    case COLUMN_TYPES.double:
      return INFINITY.test(cell) ? Number(cell.replace("inf", "Infinity")) : Number(cell);
    case COLUMN_TYPES.time:
      return timeToNs(cell);
    case COLUMN_TYPES.bool:
      return cell === "true";
    default:
      return cell;
  }
}

/** An integer that no double can hold makes its column text, or it would become its neighbour. */
function isDouble(cell: string): boolean {
  if (INFINITY.test(cell)) return true;
  if (!NUMBER.test(cell)) return false;
  const value = Number(cell);
  return Number.isFinite(value) && (!INTEGER.test(cell) || BigInt(value) === BigInt(cell));
}

function isTime(cell: string): boolean {
  if (cell.length !== TIME_CHARACTERS || !isEngineTime(cell)) return false;
  if (Number.isNaN(Date.parse(cell))) return false;
  const ns = timeToNs(cell);
  // The 30th of February is a day in March to `Date`.
  return isInt64(ns) && nsToTime(ns) === cell;
}

function isInt64(value: bigint): boolean {
  return value >= MIN_INT64 && value <= MAX_INT64;
}
