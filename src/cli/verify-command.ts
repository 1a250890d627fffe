import type { Command } from "commander";
import { createJoiner } from "../records/joiner.js";
import { loadRules } from "../rules/load.js";
import { compilePattern } from "../rules/match/regexp/compile-pattern.js";
import { readStatus } from "../status/status-file.js";
import type { CommandParts } from "./command-parts.js";
import { settingsOf, withSettings } from "./settings-flags.js";
import { understandBy } from "./understanding.js";

const SETTINGS = ["logDir", "rulesDir", "logsources", "fieldAliases", "maxLine", "redact"] as const;

/** Adds `verify`. */
export function addVerify({ program, output, env, shippedRules, done }: CommandParts): void {
  withSettings(program.command("verify"), SETTINGS)
    .description(
      "compare what the engine still holds with what is stored; exit status 1 when a line is missing or double",
    )
    .option("--json", "as JSON, for programs")
    .action(async (flags: { json?: boolean }, self: Command) => {
      const settings = settingsOf(self, env);
      const { logDir, logsources, fieldAliases } = settings;
      const { containers } = await readStatus(logDir);
      // Only what reads from Docker waits for Docker's client to be loaded.
      const { verify } = await import("./verify.js");
      const { readEngineAddress } = await import("../sources/docker/engine.js");
      const request = {
        logDir,
        json: flags.json === true,
        rules: await loadRules(settings.rulesDir ?? shippedRules, { logsources, fieldAliases }),
        understand: understandBy(settings),
        collected: new Set(containers.map(({ id }) => id)),
        address: readEngineAddress(env),
        maxLineBytes: settings.maxLine,
        createJoiner: (container: Parameters<typeof createJoiner>[0]) =>
          createJoiner(container, { compilePattern }),
      };
      done(await verify(request, output.out));
    });
}
