import { Argument, type Command, Option } from "commander";
import { startTime } from "../config/since.js";
import { SidecarError } from "../core/errors.js";
import type { CommandParts } from "./command-parts.js";
import { type OutWanted, outPath } from "./export-targets.js";
import { settingsOf, withSettings } from "./settings-flags.js";
import { stoppable } from "./stoppable.js";

interface ExportFlags extends OutWanted {
  readonly since?: string;
  readonly split?: string;
  readonly json?: boolean;
}

/** Adds `export`. */
export function addExport({ program, output, env, done }: CommandParts): void {
  withSettings(program.command("export"), ["logDir"])
    .description(
      "join the sealed files of a training dataset into one, or into one to train and one to test with; or the rows of a summary table",
    )
    .addArgument(new Argument("<category>", "what to export").choices(["training", "summary"]))
    .argument("<name>", "the dataset's or table's name, as in the rules")
    .option(
      "--out <file>",
      "the file to write: .npz or .parquet, or .pkl where the dataset's own files are; .parquet or .csv for a table; DIR/ for a dataset laid out as Hugging Face tools load it",
    )
    .addOption(
      new Option(
        "--format <format>",
        "the format, where --out does not say it: NAME.FORMAT is written",
      ).choices(["npz", "pkl", "parquet", "csv"]),
    )
    .option("--since <time>", "only samples or rows of the last 30d, 24h, or since 2026-01-31T12:00:00Z")
    .option(
      "--split <share>",
      "write FILE.train and FILE.test, this share of the samples into the first: 0.8",
    )
    .option("--json", "what was written, for programs: manifests, or rows and columns of a table")
    .action(async (category: string, name: string, flags: ExportFlags, self: Command) => {
      const { since, json } = flags;
      const request = {
        logDir: settingsOf(self, env).logDir,
        out: outPath(name, flags),
        since: startTime(since),
        json: json === true,
      };
      const share = readShare(flags.split);
      if (category === "summary") {
        if (share !== undefined) throw unsplittable();
        const { exportSummary } = await import("./export-summary.js");
        done(await stoppable((stop) => exportSummary({ ...request, table: name, stop }, output)));
      } else {
        const { exportTraining } = await import("./export.js");
        done(await stoppable((stop) => exportTraining({ ...request, dataset: name, share, stop }, output)));
      }
    });
}

function unsplittable(): SidecarError {
  return new SidecarError("SETTINGS_INVALID", "--split is for training datasets, not for tables", {
    remedy: "Leave --split out.",
  });
}

function readShare(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const share = Number(text);
  if (share > 0 && share < 1) return share;
  throw new SidecarError(
    "SETTINGS_INVALID",
    `--split=${text}: expected a share between 0 and 1, such as 0.8`,
    {
      remedy: "Leave --split out for one file.",
    },
  );
}
