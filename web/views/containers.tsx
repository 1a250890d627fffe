import type { ContainerAnswer } from "../../src/http/containers.js";
import { getJson } from "../api.js";
import { useAnswer } from "../parts/answer.js";
import { Findings } from "../parts/findings.js";
import { Trouble } from "../parts/trouble.js";
import type { ViewProps } from "./view.js";

interface ContainersAnswer {
  readonly containers: readonly ContainerAnswer[];
}

/** Read is the sum of what became of the lines. */
const BECAME = [
  "written",
  "collapsed",
  "sampled",
  "droppedByRule",
  "droppedByLevel",
  "shed",
  "held",
] as const;

/** Who is collected, and the account of each container's lines. */
export function Containers({ go }: ViewProps) {
  const { value, error, again } = useAnswer(
    "containers",
    (signal) => getJson<ContainersAnswer>("containers", {}, signal),
    3_000,
  );
  if (value === undefined)
    return error === undefined ? <p class="muted">…</p> : <Trouble error={error} onRetry={again} />;
  return (
    <section aria-label="containers">
      {error !== undefined && <Trouble error={error} onRetry={again} />}
      <Findings />
      <div class="scroll">
        <table>
          <caption>
            {value.containers.length.toLocaleString()}{" "}
            {value.containers.length === 1 ? "container" : "containers"}; lines read are the sum of what
            became of them
          </caption>
          <thead>
            <tr>
              <th>container</th>
              <th>state</th>
              <th class="number">read</th>
              {BECAME.map((name) => (
                <th key={name} class="number">
                  {name.replace(/By(.)/, (_, letter: string) => ` by ${letter.toLowerCase()}`)}
                </th>
              ))}
              <th class="number">gaps</th>
            </tr>
          </thead>
          <tbody>
            {value.containers.map((container) => (
              <tr key={container.id}>
                <td>
                  <button
                    type="button"
                    class="link"
                    onClick={() => go({ view: "search", q: `container:${container.name}` })}
                  >
                    {container.name}
                  </button>{" "}
                  <span class="muted">{container.image ?? ""}</span>
                </td>
                <td class={container.state === "unreadable" ? "bad" : ""}>{container.state}</td>
                <td class="number">{(container.read ?? 0).toLocaleString()}</td>
                {BECAME.map((name) => (
                  <td key={name} class="number">
                    {(container[name] ?? 0).toLocaleString()}
                  </td>
                ))}
                <td class={`number${(container.gaps ?? 0) > 0 ? " bad" : ""}`}>
                  {(container.gaps ?? 0).toLocaleString()}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
