import { z } from "zod";
import { parseDays, parseDuration, parseSize } from "./units.js";

/** A size in bytes, written as `64MB`; from `least` to `most` bytes. */
export function size(least: number, most = Number.MAX_SAFE_INTEGER) {
  const error = `expected a size from ${least} to ${most} bytes, such as 64MB`;
  return z.union([z.string(), z.number()], { error }).transform((value, context) => {
    const bytes = typeof value === "number" ? value : parseSize(value);
    if (bytes !== undefined && Number.isSafeInteger(bytes) && bytes >= least && bytes <= most) return bytes;
    context.addIssue({ code: "custom", message: error });
    return z.NEVER;
  });
}

/** A duration in milliseconds, written as `60s`; from `least` to `most` milliseconds. */
export function duration(least: number, most: number) {
  const error = `expected a duration from ${least} ms to ${most / 1000} s, such as 60s`;
  return z.string({ error }).transform((value, context) => {
    const ms = parseDuration(value);
    if (ms !== undefined && ms >= least && ms <= most) return ms;
    context.addIssue({ code: "custom", message: error });
    return z.NEVER;
  });
}

/** A whole number from `least` to `most`. */
export function count(least: number, most: number) {
  const error = `expected a whole number from ${least} to ${most}`;
  return z.coerce
    .number<string | number>({ error })
    .int({ error })
    .min(least, { error })
    .max(most, { error });
}

/** Whole days, written as `1d`; 0 is allowed. */
export const days = z.string({ error: "expected days such as 1d, 2w or 0d" }).transform((value, context) => {
  const count = parseDays(value);
  if (count !== undefined) return count;
  context.addIssue({ code: "custom", message: "expected days such as 1d, 2w or 0d" });
  return z.NEVER;
});

/** A share of the disk in percent, written as `85` or `85%`. */
export const percent = z.union([z.string(), z.number()]).transform((value, context) => {
  const share = Number(String(value).trim().replace(/\s*%$/, "") || Number.NaN);
  if (share >= 1 && share <= 99) return share;
  context.addIssue({ code: "custom", message: "expected a percentage from 1 to 99, such as 85" });
  return z.NEVER;
});

/** Fields of a cron expression as far as they can be told from a slip; whoever runs it looks closer. */
export const cron = z
  .string()
  .refine(
    (value) => value === "off" || /^(?:[\d*/,\-a-z]+ +){4,5}[\d*/,\-a-z]+$/i.test(value.trim()),
    "expected five fields of a cron expression such as `0 * * * *`, or off",
  );

/** `true` or `false`. */
export const flag = z
  .union([z.boolean(), z.enum(["true", "false", "1", "0", "yes", "no", "on", "off"])], {
    error: "expected true or false",
  })
  .transform((value) => value === true || ["true", "1", "yes", "on"].includes(String(value)));

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]) {
  return z.enum(words, { error: `expected ${words.slice(0, -1).join(", ")} or ${words.at(-1)}` });
}

/** A name that the machine's time zones know. */
export const timeZone = z.string().refine(isTimeZone, "expected a time zone such as Europe/Berlin");

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    // RangeError is Intl's way to say no.
    return false;
  }
}

/** Where to begin: `beginning`, `now`, or milliseconds back from now. */
export const since = z.string().transform((value, context): "beginning" | "now" | number => {
  if (value === "beginning" || value === "now") return value;
  const ms = parseDuration(value);
  if (ms !== undefined) return ms;
  context.addIssue({ code: "custom", message: "expected beginning, now, or a duration such as 24h" });
  return z.NEVER;
});
