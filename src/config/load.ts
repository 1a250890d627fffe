import { readFileSync } from "node:fs";
import { closest, distance } from "fastest-levenshtein";
import { SidecarError, systemCode } from "../core/errors.js";
import {
  flagOf,
  NOT_SETTINGS,
  OTHER_VARIABLES,
  SECRET_SETTINGS,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  settingsSchema,
  variableOf,
} from "./schema.js";
import { parseYaml } from "./yaml.js";

/** Where settings come from, each stronger than the one before: sidecar.yaml, environment, flags. */
export interface SettingSources {
  readonly env: NodeJS.ProcessEnv;
  readonly flags: Readonly<Partial<Record<SettingName, string>>>;
  /** `--config`, SIDECAR_CONFIG; a file named so must be there, `sidecar.yaml` in the current folder need not. */
  readonly configFile: string | undefined;
}

interface Found {
  readonly value: unknown;
  /** As it is shown in an error: `SIDECAR_SINCE`, `--since`, `sidecar.yaml: since`. */
  readonly from: string;
}

const DEFAULT_FILE = "sidecar.yaml";

/**
 * Reads all settings.
 * @throws SidecarError SETTINGS_INVALID that names everything that is wrong, not only the first.
 */
export function loadSettings(sources: SettingSources): Settings {
  const problems: string[] = [];
  const found = new Map<SettingName, Found>([
    ...readFile(sources.configFile ?? sources.env["SIDECAR_CONFIG"], problems),
    ...readEnvironment(sources.env, problems),
    ...Object.entries(sources.flags).map(([name, value]): [SettingName, Found] => [
      name as SettingName,
      { value, from: flagOf(name as SettingName) },
    ]),
  ]);
  const result = settingsSchema.safeParse(
    Object.fromEntries([...found].map(([name, { value }]) => [name, value])),
  );
  if (!result.success) {
    for (const { path, message } of result.error.issues) {
      const entry = found.get(path[0] as SettingName);
      const within = path.length > 1 ? `${path.slice(1).join(".")}: ` : "";
      const value = SECRET_SETTINGS.includes(path[0] as SettingName) ? "" : `=${shown(entry?.value)}`;
      problems.push(`${entry?.from}${value}: ${within}${message}`);
    }
  }
  if (problems.length > 0 || !result.success) {
    const many = problems.length === 1 ? "a setting is wrong" : `${problems.length} settings are wrong`;
    throw new SidecarError("SETTINGS_INVALID", `${many}:\n  ${problems.join("\n  ")}\n`);
  }
  return result.data;
}

function readFile(named: string | undefined, problems: string[]): [SettingName, Found][] {
  const path = named ?? DEFAULT_FILE;
  let content: unknown;
  try {
    content = parseYaml(readFileSync(path, "utf8")) ?? {};
  } catch (cause) {
    if (named === undefined && systemCode(cause) === "ENOENT") return [];
    problems.push(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
    return [];
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    problems.push(`${path}: expected a map of settings`);
    return [];
  }
  return Object.entries(content).flatMap(([key, value]): [SettingName, Found][] => {
    if (isSetting(key)) return [[key, { value, from: `${path}: ${key}` }]];
    problems.push(`${path}: ${key} is no setting${meant(key, SETTING_NAMES)}`);
    return [];
  });
}

function readEnvironment(env: NodeJS.ProcessEnv, problems: string[]): [SettingName, Found][] {
  const known = new Map(SETTING_NAMES.map((name) => [variableOf(name), name]));
  const found: [SettingName, Found][] = [];
  for (const [variable, name] of Object.entries(OTHER_VARIABLES)) {
    if (env[variable]) found.push([name, { value: env[variable], from: variable }]);
  }
  for (const [variable, value] of Object.entries(env)) {
    // Compose files pass variables on that nobody has set: empty is the same as absent.
    if (!variable.startsWith("SIDECAR_") || NOT_SETTINGS.includes(variable) || value === "") continue;
    const name = known.get(variable);
    if (name !== undefined) found.push([name, { value, from: variable }]);
    else problems.push(`${variable} is no setting${meant(variable, [...known.keys()])}`);
  }
  return found;
}

/** A value as it was written; lists and maps as JSON. */
function shown(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isSetting(key: string): key is SettingName {
  return (SETTING_NAMES as readonly string[]).includes(key);
}

function meant(word: string, known: readonly string[]): string {
  const nearest = closest(word, known);
  return distance(word, nearest) <= word.length / 2 ? `; did you mean ${nearest}?` : "";
}
