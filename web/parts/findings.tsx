import type { DoctorReport } from "../../src/doctor/finding.js";
import { getJson } from "../api.js";
import { useAnswer } from "./answer.js";
import { Trouble } from "./trouble.js";

/** What keeps lines from being collected or stored, or may come to, and what mends it. Looked for once, and again when it is asked. */
export function Findings() {
  const { value, error, again } = useAnswer("doctor", (signal) =>
    getJson<DoctorReport>("doctor", {}, signal),
  );
  if (error !== undefined) return <Trouble error={error} onRetry={again} />;
  if (value === undefined) return <p class="muted">the doctor looks …</p>;
  const { findings, facts } = value;
  return (
    <section aria-label="findings">
      <p class="bar">
        <span role="status">
          {findings.length === 0 ? "The doctor finds nothing." : `The doctor finds ${findings.length}:`}
        </span>
        <button type="button" onClick={again}>
          look again
        </button>
      </p>
      <ul>
        {findings.map(({ id, level, what, why, remedy }) => (
          <li key={`${id} ${what}`} class="finding">
            <strong class={`level ${level}`}>{level}</strong> {what}
            <p class="muted">{why}</p>
            <p>→ {remedy}</p>
          </li>
        ))}
      </ul>
      <details>
        <summary>what was looked at</summary>
        <dl>
          {Object.entries(facts).map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}
