import type { Container } from "../core/container.js";
import type { StreamName } from "../core/line.js";
import type { Level, LogRecord } from "../core/record.js";
import { escapeJson, jsonText, quoteJson, withoutLoneSurrogates } from "./formats/json-text.js";

/**
 * Builds the lines of raw and tagged: one JSON object a line, with the fields of a record in their fixed order
 * (ts, level, component, event_type, message, container, host, stream, rule, tags, severity, repeated, last_ts, truncated, data),
 * absent ones left out. By hand, because the app's own object is put in as it was written: parsing it and writing it again would
 * cost more than all the rest, and would change it.
 */
export class RecordLine {
  #container: Container | undefined;
  #stream: StreamName | undefined;
  #rule: string | undefined;
  #origin = "";
  /** What stands before a message without further marks, … */
  #kindMessage = "";
  /** … and what stands behind it, up to the data. */
  #originData = "";
  #level: Level | undefined;
  #component: string | undefined;
  #eventType: string | undefined;
  #kind = "";

  /** The line with its line end. `marks` are fields that only some lines have, as JSON text: `,"tags":["a"]`. */
  format(record: LogRecord, rule: string | undefined, marks: string): string {
    const message = record.message ?? (record.data === undefined ? record.text : undefined);
    const { dataText } = record;
    this.#readKind(record);
    this.#readOrigin(record, rule);
    const begin = `{"ts":"${record.ts}`;
    const isPlain = marks === "" && record.repeated === undefined && !record.truncated;
    // Each `+` makes a string that is copied at the end: for most lines few of them.
    if (message !== undefined && dataText !== undefined && isPlain)
      return `${begin}${this.#kindMessage}${escapeJson(message)}${this.#originData}${withoutLoneSurrogates(dataText)}}\n`;
    return (
      begin +
      this.#kind +
      (message === undefined ? "" : `,"message":${quoteJson(message)}`) +
      this.#origin +
      (isPlain ? "" : marksOf(record, marks)) +
      (dataText !== undefined
        ? `,"data":${withoutLoneSurrogates(dataText)}}\n`
        : record.data !== undefined
          ? `,"data":${jsonText(record.data)}}\n`
          : "}\n")
    );
  }

  /** Level, component and event type. */
  #readKind({ level, component, event_type }: LogRecord): void {
    if (component !== this.#component || event_type !== this.#eventType || level !== this.#level) {
      this.#level = level;
      this.#component = component;
      this.#eventType = event_type;
      this.#kind =
        `","level":"${level}","component":${quoteJson(component)}` +
        (event_type === undefined ? "" : `,"event_type":${quoteJson(event_type)}`);
      this.#kindMessage = `${this.#kind},"message":"`;
    }
  }

  /** Container, stream and rule: lines come in runs that have them in common, so the last text mostly fits again. */
  #readOrigin({ container, stream }: LogRecord, rule: string | undefined): void {
    if (container !== this.#container || stream !== this.#stream || rule !== this.#rule) {
      this.#container = container;
      this.#stream = stream;
      this.#rule = rule;
      this.#origin =
        `,"container":${quoteJson(container.name)}` +
        (container.host === undefined ? "" : `,"host":${quoteJson(container.host)}`) +
        `,"stream":"${stream}"` +
        (rule === undefined ? "" : `,"rule":${quoteJson(rule)}`);
      this.#originData = `"${this.#origin},"data":`;
    }
  }
}

function marksOf({ repeated, last_ts, truncated }: LogRecord, marks: string): string {
  const last = last_ts === undefined ? "" : `,"last_ts":"${last_ts}"`;
  const again = repeated === undefined ? "" : `,"repeated":${repeated}${last}`;
  return `${marks}${again}${truncated ? ',"truncated":true' : ""}`;
}

/** The field `tags` with its comma, or nothing when there are no tags. */
export function tagsMark(tags: readonly string[] | undefined): string {
  return tags === undefined || tags.length === 0 ? "" : `,"tags":[${tags.map(quoteJson).join(",")}]`;
}
