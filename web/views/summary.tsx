import { useMemo } from "preact/hooks";
import { download, getJson, pathOf } from "../api.js";
import { useAnswer } from "../parts/answer.js";
import { Chart } from "../parts/chart.js";
import { TimeField } from "../parts/time-field.js";
import { Trouble } from "../parts/trouble.js";
import type { TableAnswer, TablesAnswer } from "../types.js";
import type { ViewProps } from "./view.js";

const COLORS = ["#1f6feb", "#bf8700", "#2da44e", "#8250df", "#d1242f", "#1b7c83"];
const LAST_ROWS = 20;

/** Any table over time, column by column. */
export function Summary({ address, go }: ViewProps) {
  const tables = useAnswer("tables", (signal) => getJson<TablesAnswer>("summary", {}, signal), 30_000);
  const names = tables.value?.tables.map(({ table }) => table) ?? [];
  const table = address.table || names.find((name) => name === "onnx_inference") || names[0];
  return (
    <section aria-label="summary">
      {tables.error !== undefined && <Trouble error={tables.error} onRetry={tables.again} />}
      {tables.value !== undefined && names.length === 0 && (
        <p class="muted">There are no tables yet: rules with `summary` fill them.</p>
      )}
      {table !== undefined && (
        <>
          <p class="bar">
            <label>
              table{" "}
              <select value={table} onChange={(event) => go({ table: event.currentTarget.value })}>
                {names.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
            <TimeField name="since" value={address.since} usual="24h" onChange={(since) => go({ since })} />
            <button
              type="button"
              onClick={() =>
                void download(
                  pathOf(`summary/${encodeURIComponent(table)}`, { since: address.since, format: "csv" }),
                  `${table}.csv`,
                )
              }
            >
              download .csv
            </button>
          </p>
          <Table table={table} since={address.since || "24h"} />
        </>
      )}
    </section>
  );
}

function Table({ table, since }: { readonly table: string; readonly since: string }) {
  const asked = { since, points: 2_000 };
  const path = `summary/${encodeURIComponent(table)}`;
  const { value, error, again } = useAnswer(
    `${path} ${since}`,
    (signal) => getJson<TableAnswer>(path, asked, signal),
    10_000,
  );
  const times = useMemo(() => value?.ts.map((ts) => Date.parse(ts) / 1000) ?? [], [value]);
  const charts = useMemo(() => numeric(value), [value]);
  if (error !== undefined && value === undefined) return <Trouble error={error} onRetry={again} />;
  if (value === undefined) return <p class="muted">…</p>;
  const names = Object.keys(value.columns);
  return (
    <>
      <p class="muted" role="status">
        {value.rows.toLocaleString()} rows since {since}
        {value.every > 1 && `, one of ${value.every} shown`}
      </p>
      {charts.map((series) => (
        <figure key={series[0]!.name}>
          <figcaption>{series[0]!.name}</figcaption>
          <Chart times={times} series={series} kind="lines" label={`${series[0]!.name} over time`} />
        </figure>
      ))}
      <div class="scroll">
        <table>
          <caption>the last rows</caption>
          <thead>
            <tr>
              {["ts", ...names].map((name) => (
                <th key={name}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {value.ts.slice(-LAST_ROWS).map((_, back, last) => {
              const at = value.ts.length - 1 - back;
              return (
                <tr key={`${value.ts[at]} ${last.length}`}>
                  <td>{value.ts[at]}</td>
                  {names.map((name) => (
                    <td key={name}>{value.columns[name]![at]}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** A chart for each column that holds numbers. */
function numeric(answer: TableAnswer | undefined) {
  return Object.entries(answer?.columns ?? {})
    .filter(
      ([, values]) =>
        values.some((text) => text !== "") &&
        values.every((text) => text === "" || !Number.isNaN(Number(text))),
    )
    .map(([name, values], at) => [
      {
        name,
        color: COLORS[at % COLORS.length]!,
        values: values.map((text) => (text === "" ? null : Number(text))),
      },
    ]);
}
