import { useEffect, useMemo, useState } from "preact/hooks";
import type { Histogram } from "../../src/search/columns.js";
import { download, getJson, pathOf, searchEntries } from "../api.js";
import { useAnswer } from "../parts/answer.js";
import { Chart } from "../parts/chart.js";
import { EntryList } from "../parts/list.js";
import { TimeField } from "../parts/time-field.js";
import { Trouble } from "../parts/trouble.js";
import type { StoredEntry } from "../types.js";
import { askedOf, type ViewProps } from "./view.js";

const LIMIT = 300;
const KINDS = ["level", "container", "rule", "category"];

/** What is stored, searched; above it how many records there were over time. */
export function Search(props: ViewProps) {
  const { address, go, onPick } = props;
  const since = address.since || "24h";
  const [limit, setLimit] = useState(LIMIT);
  const asked = { ...askedOf(address), since, until: address.until };
  const { entries, error, isDone, again } = useSearch({ ...asked, context: 2, limit });
  return (
    <section aria-label="search">
      <OverTime {...props} since={since} />
      <p class="bar">
        <TimeField name="since" value={address.since} usual="24h" onChange={(since) => go({ since })} />
        <TimeField name="until" value={address.until} usual="now" onChange={(until) => go({ until })} />
        <span role="status">
          {entries.length.toLocaleString()} found{isDone ? "" : " …"}
        </span>
        {isDone && entries.length >= limit && (
          <button type="button" onClick={() => setLimit(limit * 4)}>
            more
          </button>
        )}
        {(["jsonl", "csv"] as const).map((format) => (
          <button
            key={format}
            type="button"
            onClick={() =>
              void download(pathOf("search", { ...asked, format, limit: 1_000_000 }), `search.${format}`)
            }
          >
            download .{format}
          </button>
        ))}
      </p>
      {error !== undefined && <Trouble error={error} onRetry={again} />}
      <EntryList
        key={address.record}
        entries={entries}
        onPick={onPick}
        open={address.record}
        label="found records, the newest first"
      />
      {isDone && entries.length === 0 && (
        <p class="muted">
          Nothing found{address.q === "" ? "" : ` for ${address.q}`} since {since}.
        </p>
      )}
    </section>
  );
}

type Asked = Readonly<Record<string, string | number>>;

/** Shows what has come each quarter of a second, and the record that a link leads to. */
function useSearch(request: Asked) {
  const asked = JSON.stringify(request);
  const [entries, setEntries] = useState<readonly StoredEntry[]>([]);
  const [error, setError] = useState<unknown>();
  const [isDone, setDone] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const found: StoredEntry[] = [];
    const show = () => setEntries([...found]);
    setDone(false);
    setError(undefined);
    const timer = setInterval(show, 250);
    const read = async () => {
      try {
        for await (const entry of searchEntries(JSON.parse(asked) as Asked, stop.signal)) found.push(entry);
      } catch (failure) {
        if (!stop.signal.aborted) setError(failure);
      } finally {
        clearInterval(timer);
        if (!stop.signal.aborted) {
          show();
          setDone(true);
        }
      }
    };
    // While somebody types, the search before is given up first.
    const begin = setTimeout(() => void read(), 150);
    return () => {
      stop.abort();
      clearTimeout(begin);
      clearInterval(timer);
    };
  }, [asked, turn]);
  return { entries, error, isDone, again: () => setTurn(turn + 1) };
}

const COLORS: Readonly<Record<string, string>> = {
  critical: "#b4009e",
  error: "#d1242f",
  warning: "#bf8700",
  info: "#2da44e",
  debug: "#8c959f",
  trace: "#afb8c1",
  raw: "#1f6feb",
  tagged: "#bf8700",
};
const OTHERS = ["#1f6feb", "#2da44e", "#bf8700", "#8250df", "#d1242f", "#1b7c83", "#bc4c00", "#57606a"];

function OverTime({ address, go, since }: ViewProps & { readonly since: string }) {
  const by = address.by || "level";
  const filter = askedOf(address);
  const asked = { ...filter, by, since, until: address.until, buckets: 150 };
  // All records are counted by what is known of their files; for those of a search the files are read.
  const isAll = Object.values(filter).every((text) => text === "");
  const { value, error, again } = useAnswer(
    JSON.stringify(asked),
    (signal) => getJson<Histogram>("histogram", asked, signal),
    isAll ? 10_000 : undefined,
  );
  const { times, series } = useMemo(() => columnsOf(value), [value]);
  if (error !== undefined && value === undefined) return <Trouble error={error} onRetry={again} />;
  return (
    <figure>
      <figcaption class="bar">
        <label>
          over time by{" "}
          <select value={by} onChange={(event) => go({ by: event.currentTarget.value })}>
            {KINDS.map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </select>
        </label>
        {value === undefined && <span class="muted">counting …</span>}
        {series.map(({ name, color, values }) => (
          <span key={name}>
            <i class="swatch" ref={(element) => element?.style.setProperty("background", color)} /> {name}{" "}
            <span class="muted">
              {values.reduce<number>((sum, count) => sum + (count ?? 0), 0).toLocaleString()}
            </span>
          </span>
        ))}
        {(address.since !== "" || address.until !== "") && (
          <button type="button" onClick={() => go({ since: "", until: "" })}>
            last 24 h
          </button>
        )}
      </figcaption>
      <Chart
        times={times}
        series={series}
        kind="columns"
        label={`${isAll ? "records" : "found records"} over time by ${by}; drag to look closer`}
        onZoom={(fromMs, toMs) =>
          go({ since: new Date(fromMs).toISOString(), until: new Date(toMs).toISOString() })
        }
      />
    </figure>
  );
}

function columnsOf(histogram: Histogram | undefined) {
  if (histogram === undefined) return { times: [], series: [] };
  const { from, stepMs } = histogram;
  const series = Object.entries(histogram.series).map(([name, values], at) => ({
    name,
    values,
    color: COLORS[name] ?? OTHERS[at % OTHERS.length]!,
  }));
  const columns = series[0]?.values.length ?? 0;
  const times = Array.from({ length: columns }, (_, at) => (Date.parse(from) + at * stepMs) / 1000);
  return { times, series };
}
