import type { Command } from "commander";
import { startTime } from "../config/since.js";
import { LEVELS } from "../core/level.js";
import { CATEGORIES, type Category } from "../core/record.js";
import type { CommandParts } from "./command-parts.js";
import { invalidFlag, readLevel } from "./flag-values.js";
import { settingsOf, withSettings } from "./settings-flags.js";
import { stoppable } from "./stoppable.js";

interface SearchFlags {
  readonly where?: string;
  readonly category?: string;
  readonly component?: string;
  readonly level?: string;
  readonly since?: string;
  readonly until?: string;
  readonly context?: string;
  readonly limit?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

const LIMIT = 100;
const MOST = 1_000_000;
const MOST_CONTEXT = 1_000;

/** Adds `search`. */
export function addSearch({ program, output, env, done }: CommandParts): void {
  withSettings(program.command("search"), ["logDir", "timeZone"])
    .description(
      "stored records and rows that hold words, the newest first; archived and compressed ones too",
    )
    .argument(
      "[words...]",
      'all of: word, time*, "as it stands", -without, field:value, field:>5, level:>=error; in one pair of the shell\'s quotes, or behind --',
    )
    .option("--where <match>", "a match of the rules' language, for example 'level|gte: error'")
    .option("--category <names>", "of raw, tagged, summary (default all three)")
    .option("--component <name>", "only of this component")
    .option("--level <level>", `only of this level and above: ${LEVELS.join(", ")}`)
    .option("--since <time>", "only of the last 2d, 24h, 5m, or since 2026-01-31T12:00:00Z")
    .option("--until <time>", "only up to then; the same forms")
    .option("-C, --context <number>", "so many lines of the same file on both sides of each record")
    .option("-n, --limit <number>", `the most that are shown (default ${LIMIT})`)
    .option(
      "--json",
      "one JSON object a line as stored, which is the default where the output is no terminal",
    )
    .option("--csv", "a table, for spreadsheets")
    .action(async (words: string[], flags: SearchFlags, self: Command) => {
      const { searchCommand } = await import("./search.js");
      const { logDir, timeZone } = settingsOf(self, env);
      const { where, component, json = false, csv = false } = flags;
      if (json && csv) throw invalidFlag("search", "--json and --csv are two forms of the same: say one");
      const options = { logDir, timeZone, where, component, csv, json, words: words.join(" ") };
      const times = { since: startTime(flags.since), until: startTime(flags.until, "until") };
      const categories = readCategories(flags.category);
      const context = readNumber("context", flags.context, 0, MOST_CONTEXT);
      const limit = readNumber("limit", flags.limit, LIMIT, MOST);
      const noColor = Boolean(env["NO_COLOR"]) || env["TERM"] === "dumb";
      const level = readLevel("search", flags.level);
      const rest = { categories, context, limit, noColor, level };
      done(await stoppable((signal) => searchCommand({ ...options, ...times, ...rest, signal }, output)));
    });
}

function readCategories(names: string | undefined): Category[] {
  const searched = CATEGORIES.filter((category) => category !== "training");
  if (names === undefined) return searched;
  return names.split(",").map((name) => {
    const category = searched.find((each) => each === name.trim());
    if (category === undefined)
      throw invalidFlag("search", `--category=${names}: expected some of ${searched.join(",")}`);
    return category;
  });
}

function readNumber(flag: string, text: string | undefined, otherwise: number, most: number): number {
  if (text === undefined) return otherwise;
  if (/^\d{1,7}$/.test(text) && Number(text) <= most) return Number(text);
  throw invalidFlag("search", `--${flag}=${text}: expected a number up to ${most}`);
}
