import type { Command } from "commander";
import type { Container } from "../core/container.js";
import type { CommandParts } from "./command-parts.js";
import { settingsOf, withSettings } from "./settings-flags.js";

const SETTINGS = [
  "logDir",
  "rulesDir",
  "logsources",
  "fieldAliases",
  "maxLine",
  "redact",
  "redactKeep",
] as const;

/** Adds `verify`. */
export function addVerify({ program, output, env, shippedRules, done }: CommandParts): void {
  withSettings(program.command("verify"), SETTINGS)
    .description(
      "compare what the engine still holds with what is stored; exit status 1 when a line is missing or double",
    )
    .option("--host <name>", "of lines that this host forwards; DOCKER_HOST says where its engine answers")
    .option("--json", "as JSON, for programs")
    .action(async (flags: { json?: boolean; host?: string }, self: Command) => {
      const { createJoiner } = await import("../records/joiner.js");
      const { loadRules } = await import("../rules/load.js");
      const { compilePattern } = await import("../rules/match/regexp/compile-pattern.js");
      const { readEngineAddress } = await import("../sources/docker/engine.js");
      const { readStatus } = await import("../status/status-file.js");
      const { understandBy } = await import("../pipeline/understanding.js");
      const { readLearnedForms } = await import("../pipeline/learned-forms.js");
      const { collectedOf, verify } = await import("./verify.js");
      const settings = settingsOf(self, env);
      const { logDir, logsources, fieldAliases } = settings;
      const { containers } = await readStatus(logDir);
      const request = {
        logDir,
        json: flags.json === true,
        rules: await loadRules(settings.rulesDir ?? shippedRules, { logsources, fieldAliases }),
        understand: understandBy(settings),
        collected: collectedOf(containers, flags.host),
        host: flags.host,
        address: readEngineAddress(env),
        maxLineBytes: settings.maxLine,
        forms: await readLearnedForms(logDir),
        createJoiner: (container: Container) => createJoiner(container, { compilePattern }),
      };
      done(await verify(request, output.out));
    });
}
