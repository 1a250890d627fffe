import type { Command } from "commander";
import type { Settings } from "../config/schema.js";
import { SidecarError } from "../core/errors.js";
import type { CommandParts } from "./command-parts.js";
import { settingsOf, withSettings } from "./settings-flags.js";

/** What decides how a line is understood and which rules are asked. */
const SIGMA_SETTINGS = ["rulesDir", "logsources", "fieldAliases", "redact", "redactKeep"] as const;

const RULES_HERE = "the rules: a folder or a file, or several with colons between; instead of --rules-dir";

/** Adds `check`, `explain` and `replay`. */
export function addRulesCommands(parts: CommandParts): void {
  addCheck(parts);
  addExplain(parts);
  addReplay(parts);
}

function addCheck(parts: CommandParts): void {
  const { program, shippedRules, output, env, done } = parts;
  withSettings(program.command("check"), SIGMA_SETTINGS)
    .description("check the rules and run their tests; exit status 78 when something is wrong")
    .argument("[rules]", RULES_HERE)
    .option("--rules <path>", "the rules, in the place of the argument")
    .option("--strict", "exit status 78 for published rules that need what is not supported, too")
    .option("--json", "as JSON, for programs")
    .action(async (path: string | undefined, options: CheckFlags, self: Command) => {
      const { check, engineContainers, understandLineBy } = await import("./rules-parts.js");
      const settings = settingsOf(self, env);
      const request = {
        ...sigmaOptions(settings),
        rulesDir: rulesNamed(path, options) ?? settings.rulesDir ?? shippedRules,
        json: options.json === true,
        strict: options.strict === true,
        understand: understandLineBy(settings),
        containers: async () => [...(await engineContainers(env)).values()],
      };
      done(await check(request, output.out));
    });
}

interface CheckFlags {
  readonly rules?: string;
  readonly json?: boolean;
  readonly strict?: boolean;
}

/** Behind the command or behind `--rules`: people try both. */
function rulesNamed(path: string | undefined, { rules }: { readonly rules?: string }): string | undefined {
  if (path === undefined || rules === undefined || path === rules) return path ?? rules;
  throw new SidecarError("SETTINGS_INVALID", `rules are named twice: ${path}, and --rules ${rules}`, {
    remedy: "Several folders stand in one, with colons between.",
  });
}

function addExplain(parts: CommandParts): void {
  const { program, shippedRules, output, done, env } = parts;
  withSettings(program.command("explain"), SIGMA_SETTINGS)
    .description("which rule takes a line, why, and what is written where")
    .argument("[line]", "the line; - or nothing for lines from standard input")
    .argument("[rules]", RULES_HERE)
    .option("--rules <path>", "the rules, in the place of the argument")
    .option("--any-logsource", "ask all Sigma rules, as if the line's container were of every log source")
    .option("--json", "as JSON, one object a line")
    .action(
      async (line: string | undefined, path: string | undefined, options: ExplainFlags, self: Command) => {
        const { explainLines, split2, understandLineBy } = await import("./rules-parts.js");
        const settings = settingsOf(self, env);
        const request = {
          ...sigmaOptions(settings),
          rulesDir: rulesNamed(path, options) ?? settings.rulesDir ?? shippedRules,
          lines: line === undefined || line === "-" ? process.stdin.pipe(split2()) : [line],
          json: options.json === true,
          anyLogsource: options.anyLogsource === true,
          understand: understandLineBy(settings),
        };
        done(await explainLines(request, output.out));
      },
    );
}

interface ExplainFlags {
  readonly json?: boolean;
  readonly rules?: string;
  readonly anyLogsource?: boolean;
}

function addReplay(parts: CommandParts): void {
  const { program, output, env, done } = parts;
  withSettings(program.command("replay"), ["logDir", ...SIGMA_SETTINGS])
    .description("which of the stored lines would go elsewhere by other rules; changes nothing")
    .argument("[rules]", "the new rules: a folder or a file, or several with colons between")
    .option("--rules <path>", "the rules, in the place of the argument")
    .option("--since <time>", "only lines of the last 2d, 24h, or since 2026-01-31T12:00:00Z")
    .option("--json", "as JSON, for programs")
    .action(async (path: string | undefined, options: ReplayFlags, self: Command) => {
      const rules = rulesNamed(path, options);
      if (rules === undefined) {
        throw new SidecarError("SETTINGS_INVALID", "replay needs the new rules", {
          remedy: "Name their folder: `log-sidecar replay rules.new`.",
        });
      }
      const { engineContainers, loadRules, replay, startTime, understandBy } = await import(
        "./rules-parts.js"
      );
      const settings = settingsOf(self, env);
      const { rulesDir, logDir } = settings;
      const loading = sigmaOptions(settings);
      const request = {
        logDir,
        next: await loadRules(rules, loading),
        current: rulesDir === undefined ? undefined : await loadRules(rulesDir, loading),
        since: startTime(options.since),
        json: options.json === true,
        containers: await engineContainers(env),
        understand: understandBy(settings),
      };
      done(await replay(request, output));
    });
}

interface ReplayFlags {
  readonly rules?: string;
  readonly since?: string;
  readonly json?: boolean;
}

function sigmaOptions({ logsources, fieldAliases }: Settings): Pick<Settings, "logsources" | "fieldAliases"> {
  return { logsources, fieldAliases };
}
