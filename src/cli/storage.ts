import { CATEGORIES } from "../core/record.js";
import { sizeText } from "../core/size-text.js";
import { usedPercent } from "../retention/disk-space.js";
import type { StorageReport } from "../retention/storage.js";
import type { Upkeep } from "../upkeep/upkeep.js";
import type { Output } from "./output.js";
import { table } from "./table.js";

/** `log-sidecar storage [--json]`: what the log folder takes and how it grows. */
export async function storage(
  upkeep: Pick<Upkeep, "storage">,
  options: { readonly json: boolean },
  output: Output,
): Promise<0> {
  const report = await upkeep.storage();
  output.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : storageText(report));
  return 0;
}

function storageText(report: StorageReport): string {
  const { disk, files, bytes, openBytes, daysUntilFull, leftAlone } = report;
  const daily = CATEGORIES.reduce((sum, category) => sum + report.categories[category].dailyBytes, 0);
  const isKnown = CATEGORIES.some((category) => report.categories[category].dailyBytes > 0);
  const full = daysUntilFull === null ? "not full within a year" : `full in ${counted(daysUntilFull, "day")}`;
  const lines = [
    `disk    ${sizeText(disk.freeBytes)} of ${sizeText(disk.sizeBytes)} free (${usedPercent(disk).toFixed(1)} % in use)`,
    `logs    ${sizeText(bytes)} in ${counted(files, "file")}, ${sizeText(openBytes)} of it in open segments`,
    isKnown
      ? `growth  ${sizeText(daily)} a day before compression; at this rate ${full}`
      : "growth  not known: nothing was written on a full day of the last week",
    `next    ${nextText(report)}`,
    ...(leftAlone.length === 0
      ? []
      : [`others  ${leftAlone.length} that are not the sidecar's (--json names them)`]),
  ];
  return `${lines.join("\n")}\n\n${categoriesTable(report)}`;
}

function categoriesTable({ categories }: StorageReport): string {
  const rows = CATEGORIES.map((name) => {
    const { files, bytes, compressed, archived, oldest, newest, dailyBytes } = categories[name];
    return [
      name,
      String(files),
      sizeText(bytes),
      sizeText(compressed.bytes),
      sizeText(archived.bytes),
      oldest ?? "",
      newest ?? "",
      sizeText(dailyBytes),
    ];
  });
  return table([["", "files", "size", "compressed", "archived", "oldest", "newest", "a day"], ...rows]);
}

function nextText({ next }: StorageReport): string {
  const steps = (["compress", "archive", "delete"] as const).filter((step) => next[step].files > 0);
  if (steps.length === 0) return "nothing to compress, archive or delete today";
  return steps
    .map((step) => `${step} ${counted(next[step].files, "file")} (${sizeText(next[step].bytes)})`)
    .join(", ");
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
