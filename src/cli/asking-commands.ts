import type { Command } from "commander";
import type { CommandParts } from "./command-parts.js";
import { settingsOf, withSettings } from "./settings-flags.js";

/** Adds `stats`. */
export function addStats({ program, output, env, done }: CommandParts): void {
  withSettings(program.command("stats"), ["logDir", "httpTokenFile"])
    .description("what the sidecar of this log folder has done so far")
    .option("--json", "as JSON, for programs")
    .action(async (options: { json?: boolean }, self: Command) => {
      const { findUpkeep } = await import("../upkeep/find-upkeep.js");
      const { stats } = await import("./stats.js");
      done(await stats(await findUpkeep(settingsOf(self, env)), { json: options.json === true }, output));
    });
}

/** Adds `flush`. */
export function addFlush({ program, output, env, done }: CommandParts): void {
  withSettings(program.command("flush"), ["logDir", "httpTokenFile"])
    .description("everything that the running sidecar has read is committed when this returns")
    .option("--json", "as JSON, for programs")
    .action(async (options: { json?: boolean }, self: Command) => {
      const { findUpkeep } = await import("../upkeep/find-upkeep.js");
      const upkeep = await findUpkeep(settingsOf(self, env));
      const report = await upkeep.flush();
      const { lines, written, tookMs } = report;
      const text = `committed: ${lines} lines read since the last commit, ${written} of them written; took ${tookMs} ms\n`;
      output.out.write(options.json === true ? `${JSON.stringify(report)}\n` : text);
      done(0);
    });
}
