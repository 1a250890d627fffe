import { Argument, type Command } from "commander";
import { SidecarError } from "../core/errors.js";
import { exportTraining } from "./export.js";
import type { RulesCommandsParts } from "./rules-commands.js";
import { startTime } from "./since.js";

type ExportParts = Pick<RulesCommandsParts, "program" | "output" | "withSettings" | "settingsOf" | "done">;

interface ExportFlags {
  readonly out: string;
  readonly since?: string;
  readonly split?: string;
  readonly json?: boolean;
}

/** Adds `export`. */
export function addExport({ program, output, withSettings, settingsOf, done }: ExportParts): void {
  withSettings(program.command("export"), ["logDir"])
    .description(
      "join the sealed files of a training dataset into one, or into one to train and one to test with",
    )
    .addArgument(new Argument("<category>", "what to export").choices(["training"]))
    .argument("<dataset>", "the dataset's name, as in the rules")
    .requiredOption("--out <file>", "the file to write: .npz, or .pkl where the dataset's own files are")
    .option("--since <time>", "only samples of the last 30d, 24h, or since 2026-01-31T12:00:00Z")
    .option(
      "--split <share>",
      "write FILE.train and FILE.test, this share of the samples into the first: 0.8",
    )
    .option("--json", "the manifests of what was written, for programs")
    .action(
      async (_category: string, dataset: string, { out, since, split, json }: ExportFlags, self: Command) => {
        const stop = new AbortController();
        const end = () => stop.abort();
        process.once("SIGINT", end).once("SIGTERM", end);
        try {
          const request = {
            logDir: settingsOf(self).logDir,
            dataset,
            out,
            since: startTime(since),
            share: readShare(split),
            json: json === true,
            stop: stop.signal,
          };
          done(await exportTraining(request, output));
        } finally {
          process.off("SIGINT", end).off("SIGTERM", end);
        }
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
