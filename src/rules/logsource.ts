import type { LogsourceNamed, LogsourceSetting } from "../config/logsources.js";
import type { Container } from "../core/container.js";

/** Sigma's three attributes of where events come from, lower case. */
export type Logsource = LogsourceNamed;
export type { LogsourceSetting };

export const LOGSOURCE_LABEL = "log-sidecar.logsource";
export const LOGSOURCE_KEYS = ["category", "product", "service"] as const;

/** Reads `product=django,service=api`. The fault is in words for the person who wrote it. */
export function parseLogsource(text: string): { logsource: Logsource } | { fault: string } {
  const found: { -readonly [K in keyof Logsource]: Logsource[K] } = {};
  for (const part of text.split(",")) {
    const [key, value, ...rest] = part.split("=").map((word) => word.trim().toLowerCase());
    const known = LOGSOURCE_KEYS.find((name) => name === key);
    if (known === undefined || value === undefined || value === "" || rest.length > 0) {
      return {
        fault: `\`${part.trim()}\` is not category=…, product=… or service=… (such as product=django,service=api)`,
      };
    }
    found[known] = value;
  }
  return { logsource: found };
}

/** A rule applies where each attribute that it sets equals the container's. */
export function applies(rule: Logsource, container: Logsource): boolean {
  return LOGSOURCE_KEYS.every((key) => rule[key] === undefined || rule[key] === container[key]);
}

/** `product=django,service=api`, in a fixed order; empty when nothing is set. */
export function logsourceText(logsource: Logsource): string {
  return LOGSOURCE_KEYS.filter((key) => logsource[key] !== undefined)
    .map((key) => `${key}=${logsource[key]}`)
    .join(",");
}

/** The log source of a container: its label, else the settings, else none. */
export function logsourceOf(
  container: Container,
  settings: readonly LogsourceSetting[],
  onFault: (fault: string) => void,
): Logsource {
  const label = container.labels[LOGSOURCE_LABEL];
  if (label !== undefined) {
    const parsed = parseLogsource(label);
    if ("logsource" in parsed) return parsed.logsource;
    onFault(parsed.fault);
  }
  return settings.find((setting) => isFor(setting, container))?.logsource ?? {};
}

function isFor(setting: LogsourceSetting, container: Container): boolean {
  if (setting.service === undefined && setting.image === undefined) return false;
  const service = setting.service === undefined || setting.service === container.composeService;
  const image =
    setting.image === undefined ||
    setting.image === container.image ||
    setting.image === container.image.replace(/(@[^@]*|:[^:/]*)$/, "");
  return service && image;
}
