import { z } from "zod";
import { LEVELS, type Level } from "../core/level.js";
import { levelOfWord } from "../core/level-words.js";

/** A level in any spelling that programs have for one. */
export const level = z.string().transform((word, context): Level => {
  const known = levelOfWord(word);
  if (known !== undefined) return known;
  context.addIssue({
    code: "custom",
    message: `expected ${LEVELS.slice(0, -1).join(", ")} or ${LEVELS.at(-1)}`,
  });
  return z.NEVER;
});

/** The same for the sidecar's own log: pino has names of its own for two of them. */
export const logLevel = z.string().transform((word, context) => {
  const known = word === "silent" ? word : levelOfWord(word);
  if (known === "warning") return "warn";
  if (known === "critical") return "fatal";
  if (known !== undefined) return known;
  context.addIssue({ code: "custom", message: "expected trace, debug, info, warn, error, fatal or silent" });
  return z.NEVER;
});
