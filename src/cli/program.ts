import { Command, CommanderError } from "commander";
import { loadSettings } from "../config/load.js";
import {
  defaultOf,
  describeSetting,
  flagOf,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  variableOf,
} from "../config/schema.js";
import type { Container } from "../core/container.js";
import type { Line } from "../core/line.js";
import type { LogRecord } from "../core/record.js";
import { nsToTime, risingNowNs } from "../core/time.js";
import { createJoiner } from "../records/joiner.js";
import { createRedact } from "../records/redact/redact.js";
import { createUnderstand } from "../records/understand.js";
import { loadRules } from "../rules/load.js";
import { compilePattern } from "../rules/match/regexp/compile-pattern.js";
import type { Understand } from "../rules/test-record.js";
import { readStatus } from "../status/status-file.js";
import { VERSION } from "../version.js";
import type { Console } from "./console.js";
import { addExport } from "./export-command.js";
import { healthcheck } from "./healthcheck.js";
import { addRetentionCommands } from "./retention-commands.js";
import { addRulesCommands } from "./rules-commands.js";
import { stats } from "./stats.js";
import { addTail } from "./tail-command.js";

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** The rules of this package, used when the settings name no others. */
  readonly shippedRules: string;
  readonly output: Console;
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

function createProgram({ env, shippedRules, output }: Surroundings, done: (status: number) => void): Command {
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

  const settingsOf = (command: Command): Settings => {
    const { config, ...flags } = command.opts<Record<string, string>>();
    return loadSettings({ env, flags: pickSettings(command, flags), configFile: config });
  };

  withSettings(program.command("run"), SETTING_NAMES)
    .description("collect until told to stop")
    .option("--source <source>", "docker, or stdin to collect what is piped in", "docker")
    .argument("[command...]", "behind --: a program to run and to collect from")
    .addHelpText(
      "after",
      "\nEach setting is also an environment variable (--log-dir is SIDECAR_LOG_DIR) and a key of sidecar.yaml (logDir).",
    )
    .action(async (command: string[], options: { source: string }, self: Command) => {
      const settings = settingsOf(self);
      const rulesDir = settings.rulesDir ?? shippedRules;
      // Only what reads from Docker waits for Docker's client to be loaded: that takes half of a short command's time.
      const { run } = await import("./run.js");
      done(await run({ settings, rulesDir, source: options.source, command, env }));
    });

  addRulesCommands({
    program,
    shippedRules,
    understandBy,
    understandLineBy,
    output,
    env,
    withSettings,
    settingsOf,
    done,
  });

  addTail({ program, output, env, withSettings, settingsOf, done });
  addRetentionCommands({ program, output, withSettings, settingsOf, done });

  withSettings(program.command("stats"), ["logDir"])
    .description("what the sidecar of this log folder has done so far")
    .option("--json", "as JSON, for programs")
    .action(async (options: { json?: boolean }, self: Command) => {
      done(await stats({ logDir: settingsOf(self).logDir, json: options.json === true }, output));
    });

  addExport({ program, output, withSettings, settingsOf, done });

  withSettings(program.command("verify"), [
    "logDir",
    "rulesDir",
    "logsources",
    "fieldAliases",
    "maxLine",
    "redact",
  ])
    .description(
      "compare what the engine still holds with what is stored; exit status 1 when a line is missing or double",
    )
    .option("--json", "as JSON, for programs")
    .action(async (options: { json?: boolean }, self: Command) => {
      const settings = settingsOf(self);
      const { containers } = await readStatus(settings.logDir);
      const { verify } = await import("./verify.js");
      const { readEngineAddress } = await import("../sources/docker/engine.js");
      const answer = await verify(
        {
          logDir: settings.logDir,
          json: options.json === true,
          rules: await loadRules(settings.rulesDir ?? shippedRules, {
            logsources: settings.logsources,
            fieldAliases: settings.fieldAliases,
          }),
          understand: understandBy(settings),
          collected: new Set(containers.map(({ id }) => id)),
          address: readEngineAddress(env),
          maxLineBytes: settings.maxLine,
          createJoiner: (container) => createJoiner(container, { compilePattern }),
        },
        output.out,
      );
      done(answer);
    });

  withSettings(program.command("healthcheck"), ["logDir"])
    .description("exit status 0 when the sidecar of this log folder works")
    .action(async (_options: unknown, self: Command) => {
      done(await healthcheck(settingsOf(self).logDir, output));
    });

  return program;
}

/** A command's own flag may be called like a setting that it does not take: `--since`. */
const settingsTaken = new WeakMap<Command, readonly SettingName[]>();

function withSettings(command: Command, names: readonly SettingName[]): Command {
  settingsTaken.set(command, names);
  command.option("--config <file>", "settings file (SIDECAR_CONFIG; sidecar.yaml when it is there)");
  for (const name of names)
    command.option(
      `${flagOf(name)} <value>`,
      `${describeSetting(name)} (${variableOf(name)}${defaultText(name)})`,
    );
  return command;
}

/** Shown by hand: commander must not take the default for something that the user said. */
function defaultText(name: SettingName): string {
  const value = defaultOf(name);
  return value === undefined ? "" : `, default ${value}`;
}

function pickSettings(
  command: Command,
  flags: Readonly<Record<string, string>>,
): Partial<Record<SettingName, string>> {
  const taken = settingsTaken.get(command) ?? [];
  return Object.fromEntries(
    taken.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]!]),
  );
}

/** Lines as the sidecar understands them, secrets taken out as it would. */
function understandBy({ redact }: Settings): (line: Line, container: Container) => LogRecord {
  return createUnderstand({ redact: createRedact(redact, () => undefined) });
}

/** A line given by hand, as if a container had just printed it. */
function understandLineBy(settings: Settings): Understand {
  const understand = understandBy(settings);
  return (text, container, stream) =>
    understand(
      {
        ts: nsToTime(risingNowNs()),
        stream: stream ?? "stdout",
        text,
        lines: 1,
        truncated: false,
        replaced: false,
      },
      container,
    );
}
