import { z } from "zod";

/** Names whose values stay, in the lines of all components, and of some more of them. */
export interface RedactKeep {
  readonly names: readonly string[];
  readonly components: Readonly<Record<string, readonly string[]>>;
}

const name = z.string().trim().min(1);
/** `fee_token, session_id` as well as a list: a variable is easily written so. */
const names = z.union([z.array(name), z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean))]);

const entry = z.union([name, z.strictObject({ component: name, names })], {
  error: "expected a name, or {component: NAME, names: [NAME]}",
});

/** `redactKeep`: `[fee_token, {component: api, names: [session_id]}]`. */
export const redactKeepSchema = z
  .union([z.array(entry), names], { error: "expected a list of names" })
  .transform((entries): RedactKeep => {
    const components: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
    const all: string[] = [];
    for (const each of entries) {
      if (typeof each === "string") all.push(each);
      else components[each.component] = [...(components[each.component] ?? []), ...each.names];
    }
    return { names: all, components };
  });
