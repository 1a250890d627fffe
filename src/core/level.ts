/** The levels, from low to high. */
export const LEVELS = ["trace", "debug", "info", "warning", "error", "critical"] as const;
export type Level = (typeof LEVELS)[number];

/** 0 for trace up to 5 for critical, so that levels can be compared. */
export const LEVEL_RANK: Readonly<Record<Level, number>> = {
  trace: 0,
  debug: 1,
  info: 2,
  warning: 3,
  error: 4,
  critical: 5,
};
