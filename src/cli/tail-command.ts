import type { Command } from "commander";
import { startTime } from "../config/since.js";
import { SidecarError } from "../core/errors.js";
import { CATEGORIES, type Category, LEVELS } from "../core/record.js";
import type { CommandParts } from "./command-parts.js";
import { invalidFlag, readLevel } from "./flag-values.js";
import { settingsOf, withSettings } from "./settings-flags.js";
import { stoppable } from "./stoppable.js";

interface TailFlags {
  readonly component?: string;
  readonly level?: string;
  readonly lines?: string;
  readonly since?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

const LINES = 20;
const MOST_LINES = 1_000_000;

/** Adds `tail`. */
export function addTail({ program, output, env, done }: CommandParts): void {
  withSettings(program.command("tail"), ["logDir", "timeZone"])
    .description("the newest stored records; archived and compressed ones too")
    .argument("[category]", "raw, tagged, or summary for rows of tables", "raw")
    .option("--component <name>", "only of this component")
    .option("--level <level>", `only of this level and above: ${LEVELS.join(", ")}`)
    .option(
      "-n, --lines <number>",
      `how many of the newest, or all (default ${LINES}; with --since all of that time)`,
    )
    .option("--since <time>", "only of the last 2d, 24h, 5m, or since 2026-01-31T12:00:00Z")
    .option("-f, --follow", "go on with what comes, until Ctrl-C")
    .option(
      "--json",
      "one JSON object a line as stored, which is the default where the output is no terminal",
    )
    .action(async (name: string, flags: TailFlags, self: Command) => {
      const { tail } = await import("./tail.js");
      const { logDir, timeZone } = settingsOf(self, env);
      const category = readCategory(name);
      const { component, follow = false, json = false } = flags;
      if (category === "summary") refuseForRows(flags);
      const since = startTime(flags.since);
      const options = { logDir, timeZone, category, component, follow, json, since };
      const noColor = Boolean(env["NO_COLOR"]) || env["TERM"] === "dumb";
      const lines = readLines(flags.lines, since !== undefined);
      const level = readLevel("tail", flags.level);
      done(await stoppable((stop) => tail({ ...options, noColor, lines, level, stop }, output)));
    });
}

function readCategory(name: string): Category {
  const category = CATEGORIES.find((each) => each === name);
  if (category === "training") {
    throw new SidecarError(
      "SETTINGS_INVALID",
      "training holds samples in .npz and .pkl files, not lines that could be shown",
      { remedy: "Use `log-sidecar export` to get samples as a table." },
    );
  }
  if (category === undefined)
    throw invalidFlag("tail", `${name} is no category: expected raw, tagged or summary`);
  return category;
}

/** Undefined for all. */
function readLines(text: string | undefined, isSince: boolean): number | undefined {
  if (text === undefined) return isSince ? undefined : LINES;
  if (text === "all") return undefined;
  if (/^\d{1,7}$/.test(text) && Number(text) <= MOST_LINES) return Number(text);
  throw invalidFlag("tail", `--lines=${text}: expected all, or a number up to ${MOST_LINES}`);
}

function refuseForRows({ component, level }: TailFlags): void {
  if (component === undefined && level === undefined) return;
  const flag = component === undefined ? "--level" : "--component";
  throw invalidFlag("tail", `${flag}: rows of summary have no component and no level`);
}
