import type { Container } from "../core/container.js";
import type { StreamName } from "../core/line.js";
import type { LogRecord } from "../core/record.js";
import { jsonText, quoteJson } from "./formats/json-text.js";

/**
 * Builds the lines of raw and tagged: one JSON object a line, with the fields of a record in their fixed order
 * (ts, level, component, event_type, message, container, stream, rule, tags, severity, repeated, truncated, data),
 * absent ones left out. By hand, because the app's own object is put in as it was written: parsing it and writing it again would
 * cost more than all the rest, and would change it.
 */
export class RecordLine {
  #container: Container | undefined;
  #stream: StreamName | undefined;
  #rule: string | undefined;
  #origin = "";

  /** The line with its line end. `marks` are fields that only some lines have, as JSON text: `,"tags":["a"]`. */
  format(record: LogRecord, rule: string | undefined, marks: string): string {
    const { event_type, dataText } = record;
    const message = record.message ?? (record.data === undefined ? record.text : undefined);
    return (
      `{"ts":"${record.ts}","level":"${record.level}","component":${quoteJson(record.component)}` +
      (event_type === undefined ? "" : `,"event_type":${quoteJson(event_type)}`) +
      (message === undefined ? "" : `,"message":${quoteJson(message)}`) +
      this.#originOf(record, rule) +
      marks +
      (record.truncated ? ',"truncated":true' : "") +
      (dataText !== undefined
        ? `,"data":${dataText}}\n`
        : record.data !== undefined
          ? `,"data":${jsonText(record.data)}}\n`
          : "}\n")
    );
  }

  /** Container, stream and rule: lines come in runs that have them in common, so the last text mostly fits again. */
  #originOf({ container, stream }: LogRecord, rule: string | undefined): string {
    if (container !== this.#container || stream !== this.#stream || rule !== this.#rule) {
      this.#container = container;
      this.#stream = stream;
      this.#rule = rule;
      this.#origin =
        `,"container":${quoteJson(container.name)},"stream":"${stream}"` +
        (rule === undefined ? "" : `,"rule":${quoteJson(rule)}`);
    }
    return this.#origin;
  }
}

/** The field `tags` with its comma, or nothing when there are no tags. */
export function tagsMark(tags: readonly string[] | undefined): string {
  return tags === undefined || tags.length === 0 ? "" : `,"tags":[${tags.map(quoteJson).join(",")}]`;
}
