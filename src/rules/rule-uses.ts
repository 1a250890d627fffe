import type { LogRecord } from "../core/record.js";
import { nativeAccess } from "./fields.js";
import type { FieldAccess, Use } from "./match/types.js";
import { valueUse } from "./match/uses.js";
import type { NativeRule } from "./native.js";
import { ratioOf } from "./ratio.js";
import type { SigmaScope } from "./sigma-scopes.js";

/** What rules look at, and how they reach it. */
export interface AccessUses {
  readonly access: FieldAccess<LogRecord>;
  readonly uses: readonly Use[];
}

/** What a wish for tagged reads where no rule decides (see wishes.ts). */
const WISHED_SEVERITY = "severity";

/** What the native rules and the Sigma rules of a scope look at to find out whether they match, and with which severity. */
export function usesOfRules(native: readonly NativeRule[], scope: SigmaScope): readonly AccessUses[] {
  const severities = native.flatMap(({ source }) => {
    const severity = source.to?.tagged?.severity;
    return typeof severity === "object" ? [severity.from] : [];
  });
  const values = [...new Set([WISHED_SEVERITY, ...severities])].map(valueUse);
  const own = {
    access: nativeAccess,
    uses: [...native.flatMap(({ match }) => match.uses.flatMap(plainUses)), ...values],
  };
  const sigma = scope.groups.flatMap(({ rules }) =>
    rules.map(({ access, match }) => ({ access, uses: match.uses })),
  );
  return [own, ...sigma];
}

/** A ratio is no value of the line: of the two that it is made of all counts. */
function plainUses(use: Use): readonly Use[] {
  return ratioOf(use.field ?? "")?.map(valueUse) ?? [use];
}
