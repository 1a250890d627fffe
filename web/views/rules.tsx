import { useState } from "preact/hooks";
import { getJson, getMetrics, postJson } from "../api.js";
import { useAnswer } from "../parts/answer.js";
import { timeText } from "../parts/entry.js";
import { readMetrics } from "../parts/metric-values.js";
import { Tree } from "../parts/tree.js";
import { Trouble } from "../parts/trouble.js";
import type { RulesAnswer } from "../types.js";
import type { ViewProps } from "./view.js";

const EXAMPLE = '{"event_type":"auth_failure","attempts":7,"user":"root"}';

/** Each rule and what it took, and what the rules say to a line. */
export function Rules({ go }: ViewProps) {
  const { value, error, again } = useAnswer(
    "rules",
    (signal) => getJson<RulesAnswer>("rules", {}, signal),
    5_000,
  );
  const metrics = useAnswer("metrics", async (signal) => readMetrics(await getMetrics(signal)), 15_000);
  return (
    <section aria-label="rules">
      <Explain />
      {error !== undefined && <Trouble error={error} onRetry={again} />}
      {value !== undefined && (
        <>
          {value.trouble !== null && (
            <p class="trouble" role="alert">
              The rules in the folder cannot be used, the earlier ones stay: {value.trouble}
            </p>
          )}
          {value.leftOut.map((text) => (
            <p key={text} class="muted">
              left out: {text}
            </p>
          ))}
          <div class="scroll">
            <table>
              <caption>
                {value.native} rules and {value.sigma} of Sigma in {value.files} files; lines that they took
                since the start
              </caption>
              <thead>
                <tr>
                  <th>rule</th>
                  <th class="number">last hour</th>
                  <th class="number">last day</th>
                  <th class="number">in all</th>
                  <th>last record</th>
                  <th>measures</th>
                  <th>file</th>
                </tr>
              </thead>
              <tbody>
                {value.rules
                  .toSorted((a, b) => b.matches - a.matches)
                  .map(({ id, title, file, line, matches, hour, day, last, metrics: names, kind }) => (
                    <tr key={`${id} ${file} ${line}`}>
                      <td>
                        <button
                          type="button"
                          class="link"
                          onClick={() => go({ view: "search", q: `rule:${id}`, since: "" })}
                        >
                          {id}
                        </button>{" "}
                        <span class="muted">{title ?? (kind === "sigma" ? "Sigma" : "")}</span>
                      </td>
                      {[hour, day, matches].map((count, at) => (
                        <td key={at === 0 ? "hour" : at === 1 ? "day" : "all"} class="number">
                          {count.toLocaleString()}
                        </td>
                      ))}
                      <td class="nowrap">{last === null ? "" : timeText(last).slice(0, -7)}</td>
                      <td>
                        {names.map((name) => (
                          <div key={name}>
                            {name} <span class="muted">{metrics.value?.get(name) ?? "none yet"}</span>
                          </div>
                        ))}
                      </td>
                      <td class="muted">
                        {file}:{line}
                      </td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function Explain() {
  const [line, setLine] = useState("");
  const [answer, setAnswer] = useState<unknown>();
  const [error, setError] = useState<unknown>();
  const ask = (text: string) =>
    postJson("explain", { line: text }).then(
      (value) => {
        setAnswer(value);
        setError(undefined);
      },
      (failure: unknown) => setError(failure),
    );
  return (
    <form
      class="explain"
      onSubmit={(event) => {
        event.preventDefault();
        void ask(line || EXAMPLE);
      }}
    >
      <label>
        What do the rules say to a line?
        <textarea
          rows={2}
          value={line}
          placeholder={EXAMPLE}
          onInput={(event) => setLine(event.currentTarget.value)}
        />
      </label>
      <button type="submit">explain</button>
      {error !== undefined && <Trouble error={error} onRetry={() => void ask(line || EXAMPLE)} />}
      {answer !== undefined && (
        <ul class="tree">
          <Tree key={JSON.stringify(answer)} name="answer" value={answer} onPick={() => undefined} />
        </ul>
      )}
    </form>
  );
}
