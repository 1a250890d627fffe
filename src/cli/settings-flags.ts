import { resolve } from "node:path";
import type { Command } from "commander";
import { loadSettings } from "../config/load.js";
import {
  defaultOf,
  describeSetting,
  flagOf,
  type SettingName,
  type Settings,
  variableOf,
} from "../config/schema.js";

/** A command's own flag may be called like a setting that it does not take: `--since`. */
const settingsTaken = new WeakMap<Command, readonly SettingName[]>();

/** Gives a command a flag for each of these settings, and `--config`. */
export function withSettings(command: Command, names: readonly SettingName[]): Command {
  settingsTaken.set(command, names);
  command.option("--config <file>", "settings file (SIDECAR_CONFIG; sidecar.yaml when it is there)");
  for (const name of names)
    command.option(
      `${flagOf(name)} <value>`,
      `${describeSetting(name)} (${variableOf(name)}${defaultText(name)})`,
    );
  return command;
}

/**
 * All settings, as the command's flags, the environment and the settings file have them. The log folder's path is absolute.
 * @throws SidecarError SETTINGS_INVALID
 */
export function settingsOf(command: Command, env: NodeJS.ProcessEnv): Settings {
  const { config, ...flags } = command.opts<Record<string, string>>();
  const settings = loadSettings({ env, flags: pickSettings(command, flags), configFile: config });
  return { ...settings, logDir: resolve(settings.logDir) };
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
