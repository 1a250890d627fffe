import { SECRET_SETTINGS, type Settings } from "./schema.js";

/** The settings as the log may show them: secrets left out, and of the aliases, most of which are built in, their number. */
export function shownSettings(settings: Settings): object {
  const shown: Record<string, unknown> = { ...settings, fieldAliases: settings.fieldAliases.length };
  for (const name of SECRET_SETTINGS) if (shown[name] !== undefined) shown[name] = "[redacted]";
  return shown;
}
