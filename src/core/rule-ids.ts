import type { Decision } from "./decision.js";

/** What stands as `rule` of tagged records that no rule made. */
const OWN_NAMES = new Set(["default", "wish"]);

/** Ids of the rules that decide, and of those that tag beside them; each once. */
export function ruleIdsOf({ rule, targets, actions }: Decision): string[] {
  const ids = new Set(rule?.split(","));
  for (const target of [...targets, ...(actions?.waiting.flatMap((waiting) => waiting.targets) ?? [])]) {
    if (target.category === "tagged") for (const id of target.rule.split(",")) ids.add(id);
  }
  return [...ids].filter((id) => !OWN_NAMES.has(id));
}
