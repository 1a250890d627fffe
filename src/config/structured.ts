import { z } from "zod";
import { parseYaml } from "./yaml.js";

/**
 * A setting that is a list or map: as it stands in sidecar.yaml, or as YAML or JSON text in an environment variable
 * or a flag (`SIDECAR_LOGSOURCES='[{service: api, product: django}]'`).
 */
export function structured<T extends z.ZodType>(schema: T) {
  return z.unknown().transform((value, context): z.output<T> => {
    try {
      const result = schema.safeParse(typeof value === "string" ? parseYaml(value) : value);
      if (result.success) return result.data;
      for (const { message, path } of result.error.issues)
        context.addIssue({ code: "custom", message, path: [...path] });
    } catch (cause) {
      context.addIssue({ code: "custom", message: cause instanceof Error ? cause.message : String(cause) });
    }
    return z.NEVER;
  });
}
