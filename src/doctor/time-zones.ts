import type { Finding } from "./finding.js";
import type { Sibling } from "./sibling.js";

/** More would fill the screen. */
const MOST_NAMED = 3;

/**
 * Whether the containers that say their time zone all go by another one. What the host's is can't be known through the engine
 * without a request more than the sidecar makes (`/info`), which the hardened proxy refuses.
 */
export function zoneFindings(timeZone: string, siblings: readonly Sibling[], now = new Date()): Finding[] {
  const own = offsetAt(timeZone, now);
  const zoned = siblings.flatMap(({ Name, Config }) => {
    const zone = zoneOf(Config.Env ?? []);
    const offset = zone === undefined ? undefined : offsetAt(zone, now);
    return zone === undefined || offset === undefined
      ? []
      : [{ name: Name.replace(/^\//, ""), zone, offset }];
  });
  const [first] = zoned;
  if (first === undefined || zoned.some(({ offset }) => offset === own)) return [];
  const names = zoned.slice(0, MOST_NAMED).map(({ name, zone }) => `${name} (${zone})`);
  const more = zoned.length > names.length ? ` and ${zoned.length - names.length} more` : "";
  return [
    {
      id: "time-zone",
      level: "warning",
      what: `the sidecar goes by ${timeZone}, and no container that says its time zone does: ${names.join(", ")}${more}`,
      why: "Files are named and kept by the sidecar's day: what an app prints in the first or last hours of its day stands in the file of another one.",
      remedy: `In the sidecar's environment: TZ: ${first.zone}`,
    },
  ];
}

function zoneOf(environment: readonly string[]): string | undefined {
  return environment
    .find((entry) => entry.startsWith("TZ="))
    ?.slice("TZ=".length)
    .replace(/^:/, "");
}

/** What its clocks show beside UTC's now, such as `GMT+9`; undefined for what is no name of a zone. */
function offsetAt(timeZone: string, now: Date): string | undefined {
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(now);
    return parts.find(({ type }) => type === "timeZoneName")?.value;
  } catch {
    // POSIX' form (`CET-1CEST`) or a file's path: what it means is not guessed.
    return undefined;
  }
}
