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
  "engineFiles",
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
      const { collectedOf, compilePattern, createJoiner, loadRules, readEngineAddress, ...parts } =
        await import("./verify-parts.js");
      const settings = settingsOf(self, env);
      const { logDir, logsources, fieldAliases } = settings;
      const { containers } = await parts.readStatus(logDir);
      const request = {
        logDir,
        json: flags.json === true,
        rules: await loadRules(settings.rulesDir ?? shippedRules, { logsources, fieldAliases }),
        understand: parts.understandBy(settings),
        collected: collectedOf(containers, flags.host),
        host: flags.host,
        address: readEngineAddress(env),
        maxLineBytes: settings.maxLine,
        engineFiles: settings.engineFiles,
        forms: await parts.readLearnedForms(logDir),
        createJoiner: (container: Container) => createJoiner(container, { compilePattern }),
      };
      done(await parts.verify(request, output.out));
    });
}
