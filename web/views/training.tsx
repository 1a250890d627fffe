import { sizeText } from "../../src/core/size-text.js";
import { download, getJson, pathOf } from "../api.js";
import { useAnswer } from "../parts/answer.js";
import { Trouble } from "../parts/trouble.js";
import type { TrainingAnswer } from "../types.js";

/** Training sets: samples by label, files, and what was refused and why. */
export function Training() {
  const { value, error, again } = useAnswer(
    "training",
    (signal) => getJson<TrainingAnswer>("training", {}, signal),
    15_000,
  );
  if (value === undefined)
    return error === undefined ? <p class="muted">…</p> : <Trouble error={error} onRetry={again} />;
  if (value.datasets.length === 0)
    return (
      <p class="muted">
        There are no sealed training files yet: samples wait until there are enough of them, or until the
        sidecar stops.
      </p>
    );
  return (
    <section aria-label="training" class="scroll">
      {value.datasets.map((dataset) => (
        <Dataset key={dataset.dataset} {...dataset} />
      ))}
    </section>
  );
}

function Dataset({ dataset, files }: TrainingAnswer["datasets"][number]) {
  const labels = new Map<string, number>();
  const refused = new Map<string, number>();
  let samples = 0;
  for (const { manifest } of files) {
    samples += manifest?.samples ?? 0;
    for (const [label, count] of Object.entries(manifest?.labels ?? {}))
      labels.set(label, (labels.get(label) ?? 0) + count);
    for (const { why, field, lines } of manifest?.refused?.reasons ?? [])
      refused.set(`${field}: ${why}`, (refused.get(`${field}: ${why}`) ?? 0) + lines);
  }
  const most = Math.max(1, ...labels.values());
  return (
    <article>
      <h2>
        {dataset} <span class="muted">{samples.toLocaleString()} samples</span>
      </h2>
      {labels.size > 0 && (
        <table>
          <caption>samples by label</caption>
          <tbody>
            {[...labels].map(([label, count]) => (
              <tr key={label}>
                <th>{label}</th>
                <td class="number">{count.toLocaleString()}</td>
                <td class="wide">
                  <meter min={0} max={most} value={count} aria-label={`samples of ${label}`} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {refused.size > 0 && (
        <p class="muted">
          refused: {[...refused].map(([why, count]) => `${why} ${count.toLocaleString()}`).join(", ")}
        </p>
      )}
      <table>
        <caption>files</caption>
        <tbody>
          {files.map(({ file, date, manifest }) => (
            <tr key={file}>
              <td>{date}</td>
              <td>
                <button
                  type="button"
                  class="link"
                  onClick={() =>
                    void download(
                      pathOf(`training/${encodeURIComponent(dataset)}/${encodeURIComponent(file)}`),
                      file,
                    )
                  }
                >
                  {file}
                </button>
              </td>
              <td class="number">{manifest?.samples?.toLocaleString() ?? ""}</td>
              <td class="number">{manifest?.bytes === undefined ? "" : sizeText(manifest.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}
