import { Argument, type Command } from "commander";
import { startTime } from "../config/since.js";
import { SidecarError } from "../core/errors.js";
import type { CommandParts } from "./command-parts.js";
import { settingsOf, withSettings } from "./settings-flags.js";
import { stoppable } from "./stoppable.js";

interface ExportFlags {
  readonly out: string;
  readonly since?: string;
  readonly split?: string;
  readonly json?: boolean;
}

/** Adds `export`. */
export function addExport({ program, output, env, done }: CommandParts): void {
  withSettings(program.command("export"), ["logDir"])
    .description(
      "join the sealed files of a training dataset into one, or into one to train and one to test with",
    )
    .addArgument(new Argument("<category>", "what to export").choices(["training"]))
    .argument("<dataset>", "the dataset's name, as in the rules")
    .requiredOption(
      "--out <file>",
      "the file to write: .npz or .parquet, or .pkl where the dataset's own files are",
    )
    .option("--since <time>", "only samples of the last 30d, 24h, or since 2026-01-31T12:00:00Z")
    .option(
      "--split <share>",
      "write FILE.train and FILE.test, this share of the samples into the first: 0.8",
    )
    .option("--json", "the manifests of what was written, for programs")
    .action(
      async (_category: string, dataset: string, { out, since, split, json }: ExportFlags, self: Command) => {
        const { exportTraining } = await import("./export.js");
        const request = {
          logDir: settingsOf(self, env).logDir,
          dataset,
          out,
          since: startTime(since),
          share: readShare(split),
          json: json === true,
        };
        done(await stoppable((stop) => exportTraining({ ...request, stop }, output)));
      },
    );
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
