import { sizeText } from "../core/size-text.js";
import { usedPercent } from "../retention/disk-space.js";
import { obstacleText } from "../retention/obstacles.js";
import type { CleanupAnswer } from "../upkeep/answers.js";
import type { CleanupRequest, RunWatch, Upkeep } from "../upkeep/upkeep.js";
import type { Console } from "./console.js";
import { countDone, countPlanned, planText, stepsTable, tellProblems, withProgress } from "./retention.js";

/** `log-sidecar cleanup`: brings the disk's use down to the target. Returns 0 when that was reached, else 1. */
export async function cleanup(
  upkeep: Pick<Upkeep, "cleanup">,
  options: CleanupRequest & Pick<RunWatch, "signal"> & { readonly json: boolean },
  output: Console,
): Promise<0 | 1> {
  const { json, signal, targetPercent } = options;
  const report = await withProgress(output, (onFile) => upkeep.cleanup(options, { signal, onFile }));
  output.out.write(json ? `${JSON.stringify(report)}\n` : cleanupText(report, targetPercent));
  if (!json) tellProblems(report, output);
  return report.reached ? 0 : 1;
}

function cleanupText(report: CleanupAnswer, targetPercent: number): string {
  const { disk, needBytes, freedBytes, planned, done, reached, obstacles, dryRun } = report;
  const use = `${usedPercent(disk).toFixed(1)} % of ${sizeText(disk.sizeBytes)} in use, target ${targetPercent} %`;
  if (needBytes === 0) return `${use}: nothing to free\n`;
  const lines = [`${use}: ${sizeText(needBytes)} to free\n`];
  if (dryRun && planned.length > 0)
    lines.push(planText(planned), "\nwould be done\n", stepsTable(countPlanned(planned)));
  else if (done.length > 0) lines.push("done\n", stepsTable(countDone(done)));
  lines.push(dryRun ? `would free about ${sizeText(freedBytes)}\n` : `freed ${sizeText(freedBytes)}\n`);
  if (!reached) {
    lines.push(`${sizeText(needBytes - freedBytes)} too few. In the way:\n`);
    for (const obstacle of obstacles) lines.push(`  ${obstacleText(obstacle)}\n`);
  }
  return lines.join("");
}
