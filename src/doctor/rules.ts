import type { Settings } from "../config/schema.js";
import { SidecarError } from "../core/errors.js";
import { loadRules } from "../rules/load.js";
import { problemText, RulesInvalid } from "../rules/problems.js";
import type { Examined } from "./finding.js";

const SHOWN = 3;

/** Whether the sidecar would start with these rules. `check` says more, and runs their tests. */
export async function examineRules(dir: string, { logsources, fieldAliases }: Settings): Promise<Examined> {
  try {
    const { native, sigma, files, leftOut } = await loadRules(dir, { logsources, fieldAliases });
    const told = `${native.length} rules and ${sigma.length} Sigma rules in ${files.length} files of ${dir}`;
    if (leftOut.length === 0) return { facts: { rules: told }, findings: [] };
    const first = leftOut.slice(0, SHOWN).map(problemText);
    return {
      facts: { rules: told },
      findings: [
        {
          id: "rules-left-out",
          level: "warning",
          what: `${leftOut.length} Sigma rules can't be used: ${first.join("; ")}`,
          why: "Nothing is tagged by them.",
          remedy: `log-sidecar check ${dir}`,
        },
      ],
    };
  } catch (cause) {
    if (!(cause instanceof SidecarError)) throw cause;
    const problems =
      cause instanceof RulesInvalid ? cause.problems.slice(0, SHOWN).map(problemText) : [cause.told];
    return {
      facts: { rules: `none that can be used in ${dir}` },
      findings: [
        {
          id: "rules-invalid",
          level: "error",
          what: problems.join("; "),
          why: "The sidecar does not start with rules that have errors.",
          remedy: `Correct these places; log-sidecar check ${dir} names them all.`,
        },
      ],
    };
  }
}
