import { z } from "zod";
import { parseDuration } from "../config/units.js";
import type { JsonValue } from "../core/decision.js";
import { levelOfWord } from "../core/level-words.js";
import { LEVELS, OWN_PREFIX } from "../core/record.js";

/** The shape of what a native rule does with a record beside sending it somewhere. */

const WINDOW_MS = { least: 100, most: 3_600_000 };

const sample = z
  .number()
  .refine((share) => share !== 0, { error: "that keeps nothing: use `drop: true`", abort: true })
  .refine((share) => share > 0 && share <= 1, "must be above 0 and at most 1, such as 0.1 for a tenth");

/** Milliseconds. */
const window = z.unknown().transform((value, context): number => {
  const ms = typeof value === "string" ? parseDuration(value) : undefined;
  if (ms !== undefined && ms >= WINDOW_MS.least && ms <= WINDOW_MS.most) return ms;
  context.addIssue({ code: "custom", message: "must be a duration from 100ms to 1h, such as 10s" });
  return z.NEVER;
});

const path = z.string().refine((text) => text.trim() !== "", "must be a field's name");
const paths = (owned: (name: string) => string | undefined) =>
  z.array(path).superRefine((names, context) => {
    if (names.length === 0) context.addIssue({ code: "custom", message: "names no field" });
    for (const [at, name] of names.entries()) {
      const why = owned(name);
      if (why !== undefined) context.addIssue({ code: "custom", path: [at], message: why });
    }
  });

/** What the engine says of a line is not for rules to change; the rest of these is read out of it. */
const ENGINES = /^(ts|stream|container|compose)$|^(container|compose)\./;

function notRedacted(name: string): string | undefined {
  return ENGINES.test(name) ? "the engine says this, not the app; it cannot be redacted" : undefined;
}

const set = z.unknown().transform((value, context): Readonly<Record<string, JsonValue>> => {
  const report = (message: string, at: PropertyKey[] = []) =>
    context.addIssue({ code: "custom", path: at, message });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report("must be a map of field to value");
    return z.NEVER;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) report("names no field");
  for (const [name, to] of entries) {
    const why = notSet(name, to);
    if (why !== undefined) report(why, [name]);
  }
  return value as Readonly<Record<string, JsonValue>>;
});

function notSet(name: string, value: unknown): string | undefined {
  if (name.trim() === "") return "a field without a name cannot be set";
  if (ENGINES.test(name)) return `the engine says \`${name}\`, not the app; it cannot be set`;
  if (name === "line") return "`line` is the line as it was printed; it cannot be set (`data.line` can)";
  if (name.startsWith(OWN_PREFIX)) return `\`${name}\` is the sidecar's own; it cannot be set`;
  if (name === "event_type" && typeof value === "string" && value.startsWith(OWN_PREFIX)) {
    return "what begins with `log_sidecar.` is what the sidecar says itself";
  }
  if (name === "level" && (typeof value !== "string" || levelOfWord(value) === undefined))
    return `it can be ${LEVELS.join(", ")}`;
  if (name === "component" && (typeof value !== "string" || value === "")) return "must be a name";
  if (typeof value === "number" && !Number.isFinite(value)) return "JSON has no such number";
  return undefined;
}

export const actionShape = {
  sample: sample.optional(),
  dedupe: z.strictObject({ window, by: paths(() => undefined).optional() }).optional(),
  set: set.optional(),
  redact: paths(notRedacted).optional(),
};

/** Undefined where the rule does nothing of the kind. */
export interface ActionsSource {
  readonly sample?: number | undefined;
  readonly dedupe?: { readonly window: number; readonly by?: readonly string[] | undefined } | undefined;
  readonly set?: Readonly<Record<string, JsonValue>> | undefined;
  readonly redact?: readonly string[] | undefined;
}
