const DAYS = { d: 1, w: 7, y: 365 } as const;

/**
 * `permanent`, or a duration in days as the folder below tagged/ is called: 2w and 14d are the same folder.
 * The form was checked by the schema.
 */
export function retentionFolder(retention: string): string {
  if (retention === "permanent") return retention;
  const unit = retention.at(-1) as keyof typeof DAYS;
  return `${Number(retention.slice(0, -1)) * DAYS[unit]}d`;
}

/** The longer of two, both as `retentionFolder` gives them. */
export function longer(a: string, b: string): string {
  if (a === "permanent" || b === "permanent") return "permanent";
  return Number.parseInt(a, 10) >= Number.parseInt(b, 10) ? a : b;
}
