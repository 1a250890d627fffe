import { readdir } from "node:fs/promises";
import { type Command, Option } from "commander";
import type { Settings } from "../config/schema.js";
import { Calendar } from "../core/calendar.js";
import { SidecarError } from "../core/errors.js";
import { SACRIFICES, type Sacrifice } from "../retention/sacrifice.js";
import type { Upkeep } from "../upkeep/upkeep.js";
import type { CommandParts } from "./command-parts.js";
import { settingsOf, withSettings } from "./settings-flags.js";
import { stoppable } from "./stoppable.js";

const KEEPING_SETTINGS = ["logDir", "timeZone", "retention", "floor", "maxSize"] as const;

/** Adds `retention`, `cleanup` and `storage`. */
export function addRetentionCommands(parts: CommandParts): void {
  addRetention(parts);
  addCleanup(parts);
  addStorage(parts);
}

interface RetentionFlags {
  readonly dryRun?: boolean;
  readonly now?: string;
  readonly json?: boolean;
}

function addRetention({ program, output, env, done }: CommandParts): void {
  withSettings(program.command("retention"), KEEPING_SETTINGS)
    .description("compress, archive and delete old files now")
    .option("--dry-run", "only say what would be done")
    .option("--now <time>", "as if it were that time: 2026-01-31, 2026-01-31T12:00Z")
    .option("--json", "as JSON, for programs")
    .action(async (flags: RetentionFlags, self: Command) => {
      const { retention } = await import("./retention.js");
      const settings = settingsOf(self, env);
      const upkeep = await upkeepOf(settings, self);
      const nowMs = flags.now === undefined ? undefined : timeOf(flags.now, settings.timeZone);
      const options = { dryRun: flags.dryRun === true, nowMs, json: flags.json === true };
      done(await stoppable((signal) => retention(upkeep, { ...options, signal }, output)));
    });
}

interface CleanupFlags extends Omit<RetentionFlags, "now"> {
  readonly target?: string;
  readonly include?: readonly Sacrifice[];
}

function addCleanup({ program, output, env, done }: CommandParts): void {
  withSettings(program.command("cleanup"), [...KEEPING_SETTINGS, "diskTarget"])
    .description(
      "free space now: compress all there is, then delete the oldest; exit status 1 when it is not enough",
    )
    .option(
      "--target <percent>",
      "percent of the disk that may be in use afterwards, instead of --disk-target",
    )
    .addOption(
      new Option("--include <category...>", "delete these too, where raw and summary are not enough").choices(
        SACRIFICES,
      ),
    )
    .option("--dry-run", "only say what would be done")
    .option("--json", "as JSON, for programs")
    .action(async (flags: CleanupFlags, self: Command) => {
      const { cleanup } = await import("./cleanup.js");
      const settings = settingsOf(self, env);
      const upkeep = await upkeepOf(settings, self);
      const options = {
        dryRun: flags.dryRun === true,
        json: flags.json === true,
        targetPercent: flags.target === undefined ? settings.diskTarget : percentOf(flags.target),
        include: flags.include ?? [],
      };
      done(await stoppable((signal) => cleanup(upkeep, { ...options, signal }, output)));
    });
}

function addStorage({ program, output, env, done }: CommandParts): void {
  withSettings(program.command("storage"), KEEPING_SETTINGS)
    .description("what the log folder takes by category, how it grows, and what retention will do next")
    .option("--json", "as JSON, for programs")
    .action(async (flags: { json?: boolean }, self: Command) => {
      const { storage } = await import("./storage.js");
      const upkeep = await upkeepOf(settingsOf(self, env), self);
      done(await storage(upkeep, { json: flags.json === true }, output.out));
    });
}

/**
 * The running sidecar's, unless the command line says something else than that has in its settings.
 * @throws SidecarError SETTINGS_INVALID when there is no such folder: an empty report would say that all is well.
 */
async function upkeepOf(settings: Settings, command: Command): Promise<Upkeep> {
  try {
    await readdir(settings.logDir);
  } catch (cause) {
    throw new SidecarError("SETTINGS_INVALID", `there is no log folder ${settings.logDir}`, {
      cause,
      remedy: "Name it with --log-dir or SIDECAR_LOG_DIR.",
    });
  }
  // Loaded when it is needed: other commands need not wait for it.
  const { findUpkeep, openUpkeep } = await import("../upkeep/find-upkeep.js");
  const flags = command.opts();
  const isOwn =
    flags["config"] !== undefined ||
    KEEPING_SETTINGS.some((name) => name !== "logDir" && flags[name] !== undefined);
  return isOwn ? openUpkeep(settings) : findUpkeep(settings);
}

/** A date alone is that date where the segments are dated, whatever it is in UTC. */
function timeOf(text: string, timeZone: string): number {
  const date = /^\d{4}-\d\d-\d\d/.exec(text)?.[0];
  const ms = Date.parse(text);
  if (date !== undefined && isDate(date) && !Number.isNaN(ms))
    return date === text ? new Calendar(timeZone).endOfDateMs(date) - 1 : ms;
  throw new SidecarError("SETTINGS_INVALID", `--now=${text}: expected a time such as 2026-01-31T12:00Z`);
}

/** `Date.parse` takes February 31st for March 3rd. */
function isDate(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}

function percentOf(text: string): number {
  const percent = Number(text.replace(/\s*%$/, "") || Number.NaN);
  if (percent >= 0 && percent <= 100) return percent;
  throw new SidecarError("SETTINGS_INVALID", `--target=${text}: expected a percentage from 0 to 100`);
}
