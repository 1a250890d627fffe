import { z } from "zod";
import { RecordLine } from "../../categories/record-line.js";
import { SidecarError } from "../../core/errors.js";
import { applyEdits } from "../../pipeline/edits.js";
import { rulingJson } from "../../pipeline/ruling-json.js";
import { ruleOn } from "../../rules/explain.js";
import { problemText } from "../../rules/problems.js";
import type { RuleSet } from "../../rules/rule-set.js";
import { containerFrom } from "../../rules/test-record.js";
import type { HttpParts } from "../parts.js";
import { type AddRoutes, bodyOf } from "./route.js";

const PRIVATE = { config: { access: "private" } } as const;

const explainBody = z.strictObject({
  /** As an app prints it, without its line end. */
  line: z.string(),
  stream: z.enum(["stdout", "stderr"]).default("stdout"),
  container: z
    .strictObject({
      name: z.string().optional(),
      image: z.string().optional(),
      labels: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
});

/** The rules in use, what they say to a line, and reading them again. */
export const addRules: AddRoutes = (server, { parts }) => {
  const { rules } = parts;
  const recordLine = new RecordLine();
  server.get("/api/rules", async () => rulesAnswer(parts));
  server.post("/api/explain", PRIVATE, async (request, reply) => {
    const { line, stream, container } = bodyOf(request, explainBody);
    const record = parts.understand(line, containerFrom(container), stream);
    return reply
      .type("application/json")
      .send(rulingJson(ruleOn(rules.current, record, applyEdits), recordLine));
  });
  server.post("/api/reload", PRIVATE, async (request) => {
    bodyOf(request, z.strictObject({}));
    const result = await rules.reload("HTTP");
    if (result.ok) return countsOf(result.rules);
    if (result.error instanceof SidecarError) throw result.error;
    throw new SidecarError("RULES_INVALID", "The rules cannot be used", { cause: result.error });
  });
};

function countsOf({ native, sigma, files, tests }: RuleSet) {
  return { files: files.length, native: native.length, sigma: sigma.length, tests: tests.length };
}

/** Each rule with the lines that it took or tagged: since the start, lately, and when the last came, to the minute; and what it measures. */
function rulesAnswer({ rules, telemetry }: Pick<HttpParts, "rules" | "telemetry">) {
  const { current, trouble = null } = rules;
  const matches = telemetry.matches.totals();
  const shown = ({ id, file, line }: { id: string; file: string; line: number }) => {
    const { hour, day, lastMs } = telemetry.matches.recent(id) ?? NEVER;
    const last = lastMs === undefined ? null : new Date(lastMs).toISOString();
    return { id, file, line, matches: matches.get(id) ?? 0, hour, day, last };
  };
  return {
    ...countsOf(current),
    trouble,
    rules: [
      ...current.native.map((rule) => ({ ...shown(rule), kind: "native", metrics: metricsOf(rule) })),
      ...current.sigma.map((rule) => ({ ...shown(rule), kind: "sigma", metrics: [], title: rule.title })),
    ],
    leftOut: current.leftOut.map(problemText),
  };
}

const NEVER = { hour: 0, day: 0, lastMs: undefined };

/** Names under which `/metrics` has what a rule measures. */
function metricsOf({ outcome }: RuleSet["native"][number]): string[] {
  return (outcome.part.metrics ?? []).map(({ declaration }) => declaration.name);
}
