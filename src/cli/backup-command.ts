import type { Command } from "commander";
import type { CommandParts } from "./command-parts.js";
import { settingsOf, withSettings } from "./settings-flags.js";

/** Adds `backup`. */
export function addBackup({ program, output, env, done }: CommandParts): void {
  withSettings(program.command("backup"), ["logDir"])
    .description("copy the log folder as its last commit left it, while the sidecar goes on")
    .argument("<folder>", "where to: a folder that is new or empty")
    .action(async (folder: string, _flags: object, self: Command) => {
      const { backup } = await import("./backup.js");
      done(await backup(settingsOf(self, env).logDir, folder, output));
    });
}
