import { useState } from "preact/hooks";
import { sizeText } from "../../src/core/size-text.js";
import type { StorageReport } from "../../src/retention/storage.js";
import type { CleanupAnswer, RetentionAnswer } from "../../src/upkeep/answers.js";
import { getJson, postJson } from "../api.js";
import { useAnswer } from "../parts/answer.js";
import { Trouble } from "../parts/trouble.js";

type Report = Pick<RetentionAnswer, "planned" | "done" | "failures" | "dryRun"> &
  Partial<Pick<CleanupAnswer, "freedBytes" | "reached">>;

/** Where the disk goes, and what retention will do next, before it does it. */
export function Storage() {
  const { value, error, again } = useAnswer(
    "storage",
    (signal) => getJson<StorageReport>("storage", {}, signal),
    15_000,
  );
  if (value === undefined)
    return error === undefined ? <p class="muted">…</p> : <Trouble error={error} onRetry={again} />;
  const { disk } = value;
  const used = disk.sizeBytes - disk.freeBytes;
  return (
    <section aria-label="storage">
      <p>
        <meter
          min={0}
          max={disk.sizeBytes}
          high={disk.sizeBytes * 0.85}
          value={used}
          aria-label="disk in use"
        />{" "}
        {sizeText(used)} of {sizeText(disk.sizeBytes)} in use, {sizeText(value.bytes)} by{" "}
        {value.files.toLocaleString()} files of logs;{" "}
        {value.daysUntilFull === null
          ? "not full within a year"
          : `full in ${Math.floor(value.daysUntilFull)} days as it grows now`}
      </p>
      <div class="scroll">
        <table>
          <caption>by category</caption>
          <thead>
            <tr>
              <th>category</th>
              <th class="number">files</th>
              <th class="number">size</th>
              <th class="number">compressed</th>
              <th class="number">archived</th>
              <th class="number">a day</th>
              <th>from</th>
              <th>to</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(value.categories).map(([name, category]) => (
              <tr key={name}>
                <th>{name}</th>
                <td class="number">{category.files.toLocaleString()}</td>
                <td class="number">{sizeText(category.bytes)}</td>
                <td class="number">{sizeText(category.compressed.bytes)}</td>
                <td class="number">{sizeText(category.archived.bytes)}</td>
                <td class="number">{sizeText(Math.round(category.dailyBytes))}</td>
                <td>{category.oldest ?? ""}</td>
                <td>{category.newest ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>The next run of retention: {nextText(value.next)}</p>
      <Run name="retention" text="retention now" onDone={again} />
      <Run name="cleanup" text="emergency cleanup" onDone={again} />
      {value.leftAlone.length > 0 && (
        <details>
          <summary>{value.leftAlone.length} things in the folders are not the sidecar's</summary>
          <ul>
            {value.leftAlone.map(({ path, why }) => (
              <li key={path}>
                {path} <span class="muted">{why}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function nextText(next: StorageReport["next"]): string {
  const due = Object.entries(next).filter(([, { files }]) => files > 0);
  if (due.length === 0) return "nothing is due";
  return due.map(([step, { files, bytes }]) => `${step} ${files} files (${sizeText(bytes)})`).join(", ");
}

/** Never without having said before what it will do. */
function Run({
  name,
  text,
  onDone,
}: {
  readonly name: string;
  readonly text: string;
  readonly onDone: () => void;
}) {
  const [report, setReport] = useState<Report>();
  const [error, setError] = useState<unknown>();
  const run = (dryRun: boolean) =>
    postJson<Report>(name, { dryRun }).then(
      (answer) => {
        setReport(answer);
        setError(undefined);
        onDone();
      },
      (failure: unknown) => setError(failure),
    );
  const isPlan = report?.dryRun === true;
  return (
    <div class="run">
      <button type="button" onClick={() => void run(true)}>
        {text}: what would it do?
      </button>
      {error !== undefined && <Trouble error={error} onRetry={() => void run(true)} />}
      {report !== undefined && (
        <>
          <p role="status">
            {isPlan
              ? report.planned.length === 0
                ? "Nothing is due."
                : `It would treat ${report.planned.length} files, ${sizeText(report.planned.reduce((sum, { bytes }) => sum + bytes, 0))}.`
              : `Done: ${report.done.length} steps, ${report.failures.length} failed${report.freedBytes === undefined ? "" : `, ${sizeText(report.freedBytes)} freed`}.`}
          </p>
          {isPlan && report.planned.length > 0 && (
            <>
              <ul class="plan">
                {report.planned.slice(0, 50).map(({ path, steps, bytes }) => (
                  <li key={path}>
                    {steps.join(", ")} {path} <span class="muted">{sizeText(bytes)}</span>
                  </li>
                ))}
              </ul>
              <button type="button" class="danger" onClick={() => void run(false)}>
                do it
              </button>
            </>
          )}
        </>
      )}
    </div>
  );
}
