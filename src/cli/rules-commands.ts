import type { Command } from "commander";
import split2 from "split2";
import type { SettingName, Settings } from "../config/schema.js";
import type { Understand } from "../rules/test-record.js";
import { check } from "./check.js";
import { explainLines } from "./explain.js";
import type { Output } from "./output.js";

/** What the commands about rules need of the program that they belong to. */
export interface RulesCommandsParts {
  readonly program: Command;
  readonly shippedRules: string;
  readonly understand: Understand;
  readonly out: Output;
  withSettings(command: Command, names: readonly SettingName[]): Command;
  settingsOf(command: Command): Settings;
  done(status: number): void;
}

const SIGMA_SETTINGS = ["rulesDir", "logsources", "fieldAliases"] as const;

/** Adds `check` and `explain`. */
export function addRulesCommands(parts: RulesCommandsParts): void {
  addCheck(parts);
  addExplain(parts);
}

function addCheck(parts: RulesCommandsParts): void {
  const { program, shippedRules, understand, out, withSettings, settingsOf, done } = parts;
  withSettings(program.command("check"), SIGMA_SETTINGS)
    .description("check the rules and run their tests; exit status 78 when something is wrong")
    .argument("[rules]", "the folder to check, instead of --rules-dir")
    .option("--json", "as JSON, for programs")
    .action(async (folder: string | undefined, options: { json?: boolean }, self: Command) => {
      const settings = settingsOf(self);
      const rulesDir = folder ?? settings.rulesDir ?? shippedRules;
      done(
        await check({ ...sigmaOptions(settings), rulesDir, json: options.json === true, understand }, out),
      );
    });
}

function addExplain(parts: RulesCommandsParts): void {
  const { program, shippedRules, understand, out, withSettings, settingsOf, done } = parts;
  withSettings(program.command("explain"), SIGMA_SETTINGS)
    .description("which rule takes a line, why, and what is written where")
    .argument("[line]", "the line; - or nothing for lines from standard input")
    .option("--rules <folder>", "the folder with the rules, instead of --rules-dir")
    .option("--any-logsource", "ask all Sigma rules, as if the line's container were of every log source")
    .option("--json", "as JSON, one object a line")
    .action(async (line: string | undefined, options: ExplainFlags, self: Command) => {
      const settings = settingsOf(self);
      const rulesDir = options.rules ?? settings.rulesDir ?? shippedRules;
      const lines = line === undefined || line === "-" ? process.stdin.pipe(split2()) : [line];
      const { json = false, anyLogsource = false } = options;
      const request = { ...sigmaOptions(settings), rulesDir, lines, json, anyLogsource, understand };
      done(await explainLines(request, out));
    });
}

interface ExplainFlags {
  readonly json?: boolean;
  readonly rules?: string;
  readonly anyLogsource?: boolean;
}

function sigmaOptions({ logsources, fieldAliases }: Settings): Pick<Settings, "logsources" | "fieldAliases"> {
  return { logsources, fieldAliases };
}
