/**
 * The text that a value is compared as: strings as they are, numbers and booleans as JSON writes them, objects as
 * their JSON text. Null and absent values have none; arrays are compared element by element, so they have none either.
 */
export function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    case "object":
      return value === null || Array.isArray(value) ? undefined : objectText(value);
    default:
      return undefined;
  }
}

/** The JSON text of an object; undefined for one that is nested too deeply to be written. */
export function objectText(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // JSON.parse takes any depth, JSON.stringify recurses: such an object equals no text.
    return undefined;
  }
}

/**
 * Folds case for comparison, one code unit to one code unit, so that `?` and lengths keep their meaning.
 * Three letters need care beyond toLowerCase: İ would become two units, Σ becomes ς or σ by its neighbours,
 * and ſ has no lower case but is an s. None of them is in Latin-1, where indexOf for them costs nothing.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length && lower.indexOf("ς") < 0 && lower.indexOf("ſ") < 0) return lower;
  return text
    .split("İ")
    .map((part) => part.toLowerCase())
    .join("İ")
    .replaceAll("ς", "σ")
    .replaceAll("ſ", "s");
}

/** The number that a value is or spells in decimal (`5`, `"5"`, `"1.5e3"`), or NaN. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string" || value.length === 0 || value.length > 400) return Number.NaN;
  return DECIMAL.test(value) ? Number(value) : Number.NaN;
}

// Anchored, and every loop is followed by something it cannot match: linear on V8.
const DECIMAL = /^[ \t]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ \t]*$/;

/** Arrays inside arrays are searched to this depth. */
const DEEPEST = 64;

/** Whether the value, or any element where it is an array, passes the test. */
export function anyElement(value: unknown, test: (element: unknown) => boolean, depth = 0): boolean {
  if (!Array.isArray(value)) return test(value);
  if (depth >= DEEPEST) return false;
  for (let at = 0; at < value.length; at++) {
    if (anyElement(value[at], test, depth + 1)) return true;
  }
  return false;
}
