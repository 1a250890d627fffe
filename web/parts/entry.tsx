import { memo } from "preact/compat";
import { useState } from "preact/hooks";
import type { StoredEntry, StoredRecord } from "../types.js";
import { Ansi, LONGEST, visible } from "./text.js";
import { Tree } from "./tree.js";

export interface EntryProps {
  readonly entry: StoredEntry;
  readonly isMarked: boolean;
  readonly isOpen: boolean;
  readonly onToggle: (entry: StoredEntry) => void;
  /** A field and its value, to filter by. */
  readonly onPick: (field: string, value: string) => void;
}

export function idOf({ path, at }: StoredEntry): string {
  return `${path}:${at}`;
}

/** One record or row: a line, and all of it when it is opened. */
export const EntryLine = memo(function EntryLine(props: EntryProps) {
  const { entry, isMarked, isOpen, onToggle } = props;
  const { record, row } = entry;
  const level = record?.level ?? "row";
  const text = record === undefined ? rowText(entry) : (record.message ?? eventText(record));
  const [first = "", ...more] = text.slice(0, LONGEST).split("\n");
  return (
    <li class={`entry ${level}${isMarked ? " marked" : ""}`} id={idOf(entry)}>
      <button type="button" class="line" aria-expanded={isOpen} onClick={() => onToggle(entry)}>
        <time dateTime={(record ?? row)?.ts}>{timeText((record ?? row)?.ts ?? "")}</time>
        <span class={`level ${level}`}>{record === undefined ? "row" : level}</span>
        <span class="component">{visible(record?.component ?? row?.table ?? "")}</span>
        <span class="message">
          {record?.severity !== undefined && <span class="mark">{visible(markText(record))}</span>}
          <Ansi text={first} />
          {more.length > 0 && !isOpen && <span class="muted"> +{more.length} lines</span>}
          {record?.repeated !== undefined && <span class="muted"> ×{record.repeated}</span>}
        </span>
      </button>
      {isOpen && <Details {...props} text={text} />}
    </li>
  );
});

function Details({ entry, onPick, text }: EntryProps & { readonly text: string }) {
  const [isWhole, setWhole] = useState(false);
  const { record, row, before = [], after = [] } = entry;
  const fields: Readonly<Record<string, unknown>> = {
    ...(record ?? { ts: row?.ts, table: row?.table, ...row?.columns }),
  };
  const isLong = text.length > LONGEST;
  return (
    <div class="details">
      {before.map((each, at) => (
        <Near key={`before ${at}`} record={each} />
      ))}
      <pre>
        <Ansi text={isWhole ? text : text.slice(0, LONGEST)} />
      </pre>
      {isLong && !isWhole && (
        <button type="button" onClick={() => setWhole(true)}>
          show all {text.length.toLocaleString()} characters
        </button>
      )}
      {after.map((each, at) => (
        <Near key={`after ${at}`} record={each} />
      ))}
      <ul class="tree">
        {Object.entries(fields)
          .filter(([name]) => name !== "message")
          .map(([name, value]) =>
            name === "data" && typeof value === "object" && value !== null ? (
              <DataTree key={name} data={value} onPick={onPick} />
            ) : (
              <Tree key={name} name={name} value={value} onPick={onPick} />
            ),
          )}
      </ul>
      <p class="actions">
        <button
          type="button"
          onClick={() => void navigator.clipboard.writeText(JSON.stringify(record ?? row, null, 2))}
        >
          copy JSON
        </button>
        <a
          href={`?view=search&record=${encodeURIComponent(idOf(entry))}&since=${dayOf((record ?? row)?.ts)}`}
        >
          link to this record
        </a>
        <span class="muted">{entry.path}</span>
      </p>
    </div>
  );
}

/** The app's own object: its fields are asked for by their own names. */
function DataTree({ data, onPick }: { readonly data: object; readonly onPick: EntryProps["onPick"] }) {
  return (
    <>
      {Object.entries(data).map(([name, value]) => (
        <Tree key={name} name={name} value={value} onPick={onPick} depth={1} />
      ))}
    </>
  );
}

function Near({ record }: { readonly record: StoredRecord }) {
  return (
    <p class="near">
      <time>{timeText(record.ts)}</time>{" "}
      <Ansi text={firstLine(record.message ?? eventText(record)).slice(0, 500)} />
    </p>
  );
}

/** Of a record around another: a stack trace would push what was looked for off the screen. */
function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end === -1 ? text : `${text.slice(0, end)} …`;
}

function dayOf(ts: string | undefined): string {
  return ts === undefined ? "" : `${ts.slice(0, 10)}T00:00:00Z`;
}

function markText({ severity, rule }: StoredRecord): string {
  return [severity, rule].filter(Boolean).join(" ");
}

function eventText({ event_type, data }: StoredRecord): string {
  return [event_type, data === undefined ? "" : JSON.stringify(data)].filter(Boolean).join(" ");
}

function rowText({ row }: StoredEntry): string {
  return Object.entries(row?.columns ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

const FORMAT = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });

/** In the reader's own time zone. */
export function timeText(ts: string): string {
  const ms = Date.parse(ts);
  return Number.isNaN(ms) ? ts : `${FORMAT.format(ms)}.${ts.slice(20, 23)}`;
}
