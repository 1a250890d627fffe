import { Command, CommanderError } from "commander";
import { SETTING_NAMES } from "../config/schema.js";
import { VERSION } from "../version.js";
import { addFlush, addStats } from "./asking-commands.js";
import { addBackup } from "./backup-command.js";
import type { CommandParts } from "./command-parts.js";
import type { Console } from "./console.js";
import { addDoctor } from "./doctor-command.js";
import { addExport } from "./export-command.js";
import { healthOf } from "./healthcheck.js";
import { addNats } from "./nats-command.js";
import { addRetentionCommands } from "./retention-commands.js";
import { addRulesCommands } from "./rules-commands.js";
import { addSearch } from "./search-command.js";
import { settingsOf, withSettings } from "./settings-flags.js";
import { addTail } from "./tail-command.js";
import { addVerify } from "./verify-command.js";

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** The rules of this package, used when the settings name no others. */
  readonly shippedRules: string;
  readonly output: Console;
  /** This process was started as root and gave that up. */
  readonly wasRoot?: boolean;
}

/** Reads the command line, runs the command and gives the exit status. Throws what ends it. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let status = 0;
  const program = createProgram(surroundings, (code) => {
    status = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // Commander has said it already: --help and --version end with 0, a wrong command line is a wrong configuration.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 78;
    throw error;
  }
  return status;
}

function createProgram(
  { env, shippedRules, output, wasRoot = false }: Surroundings,
  done: (status: number) => void,
): Command {
  const program = new Command("log-sidecar")
    .description(
      "Follows the containers beside it and sorts their lines by rules into raw, summary, training and tagged files.",
    )
    .version(VERSION)
    .configureOutput({
      writeOut: (text) => output.out.write(text),
      writeErr: (text) => output.err.write(text),
    })
    .exitOverride();

  withSettings(program.command("run"), SETTING_NAMES)
    .description("collect until told to stop")
    .option(
      "--source <source>",
      "docker, stdin to collect what is piped in, or nats for what other hosts forward",
      "docker",
    )
    .option("--rules <path>", "the same as --rules-dir")
    .option("--tty", "the program behind -- writes to a terminal")
    .argument("[command...]", "behind --: a program to run and to collect from")
    .addHelpText(
      "after",
      "\nEach setting is also an environment variable (--log-dir is SIDECAR_LOG_DIR) and a key of sidecar.yaml (logDir).",
    )
    .action(
      async (command: string[], options: { source: string; rules?: string; tty?: true }, self: Command) => {
        const settings = settingsOf(self, env);
        const rulesDir = options.rules ?? settings.rulesDir ?? shippedRules;
        // A part of what it needs comes first: Node opens all files of an import at once, and few may be open (ulimit -n 64).
        await import("../pipeline/understanding.js");
        await import("../rules/load.js");
        const { run } = await import("./run.js");
        done(
          await run({ settings, rulesDir, source: options.source, command, tty: options.tty === true, env }),
        );
      },
    );

  const parts: CommandParts = { program, output, env, shippedRules, wasRoot, done };
  addRulesCommands(parts);
  addTail(parts);
  addSearch(parts);
  addRetentionCommands(parts);

  addStats(parts);
  addFlush(parts);
  addExport(parts);
  addBackup(parts);
  addVerify(parts);
  addDoctor(parts);
  addNats(parts);

  withSettings(program.command("healthcheck"), ["logDir"])
    .description("exit status 0 when the sidecar of this log folder works")
    .action((_options: unknown, self: Command) => {
      const { isHealthy, text } = healthOf(settingsOf(self, env).logDir);
      (isHealthy ? output.out : output.err).write(text);
      done(isHealthy ? 0 : 1);
    });

  return program;
}
