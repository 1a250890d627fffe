const SIZE_UNITS: Readonly<Record<string, number>> = { "": 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };
const BINARY_UNITS: Readonly<Record<string, number>> = {
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};
const TIME_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Bytes of `64MB`, `1GiB`, `500k` or a plain number; undefined when it is none of these. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  if (match === null) return undefined;
  const unit = match[2]!.toLowerCase();
  const factor = SIZE_UNITS[unit] ?? BINARY_UNITS[unit] ?? SIZE_UNITS[`${unit}b`];
  return factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}

/** Milliseconds of `60s`, `24h`, `7d`, `500ms`; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$/i.exec(text.trim());
  if (match === null) return undefined;
  return Math.round(Number(match[1]) * TIME_UNITS[match[2]!.toLowerCase()]!);
}

const DAYS_OF: Readonly<Record<string, number>> = { d: 1, w: 7, y: 365 };

/** Days of `7d`, `2w`, `5y`; undefined when it is none of these. */
export function parseDays(text: string): number | undefined {
  const match = /^(\d{1,5})(d|w|y)$/.exec(text.trim());
  return match === null ? undefined : Number(match[1]) * DAYS_OF[match[2]!]!;
}
