import { withoutColours } from "../core/colours.js";
import type { Container } from "../core/container.js";
import type { LearnedForm, Line } from "../core/line.js";
import { type JsonObject, type LogRecord, OWN_PREFIX } from "../core/record.js";
import { carrierOf, takeCarrier, withoutCarrier } from "./carrier.js";
import { withoutRedraws } from "./clean.js";
import { withoutEntities, xmlElementAt } from "./heads/xml.js";
import { readLiteral } from "./literal.js";
import { type ParsedJson, parseObject } from "./parse.js";
import { raiseFailedRequest, takeRequest } from "./request.js";
import { readFields } from "./shapes/json/fields.js";
import { createTextReader } from "./text.js";

/** Makes a record of a line. Never throws: what cannot be understood is a record with the text as its message. */
export type Understand = (line: Line, container: Container) => LogRecord;

export interface UnderstandOptions {
  /** Called once for each container whose `format` is no name of a shape; the format is then ignored. */
  readonly onBadFormat?: (container: Container, format: string) => void;
  /** Called for each line whose event type begins as only the sidecar's own do. */
  readonly onOwnEvent?: () => void;
  /** Takes the secrets out of a line's text before anything looks at it; without it they stay. */
  readonly redact?: ((text: string, container: Container) => string) | undefined;
  /** Gives what stands in for an app's object: to see what of it is looked at. */
  readonly observe?: (data: JsonObject) => JsonObject;
}

/** JSON may stand behind spaces or a byte order mark; the first character tells for nearly all lines. */
const OPEN = 123;
const SPACES = new Set([9, 13, 32, 0xfeff]);

/**
 * The way from a line to a record. One `JSON.parse` and one pass over the object's keys for JSON; the shapes of
 * text for the rest, of which the one that fitted last is tried first for each container.
 *
 * What the line does not say: `component` is the container's, `level` is info (see text.ts for standard error).
 */
export function createUnderstand(options: UnderstandOptions = {}): Understand {
  const { observe } = options;
  const readText = createTextReader(options);
  const redact = options.redact ?? ((text: string) => text);
  return (line, container): LogRecord => {
    // A line that was seen to hold no secret has no colours either.
    const text = line.clear === true ? line.text : redact(withoutColours(line.text), container);
    const record: LogRecord = {
      ts: line.ts,
      level: "info",
      component: container.componentDefault,
      event_type: undefined,
      message: undefined,
      stream: line.stream,
      tags: undefined,
      data: undefined,
      dataText: undefined,
      wish: undefined,
      text,
      container,
      truncated: line.truncated,
      lines: line.lines,
      repeated: undefined,
      last_ts: undefined,
    };
    const carrier = container.format === "plain" ? undefined : carrierOf(text);
    const said = carrier === undefined ? text : withoutCarrier(text, carrier);
    if (container.format === "plain" || !readJson(record, said))
      readTextOrRedrawnJson(record, said, line.learned);
    if (carrier !== undefined) takeCarrier(record, carrier);
    if (record.event_type?.startsWith(OWN_PREFIX) === true) {
      // An app must not be able to tell of gaps that are none.
      record.event_type = `app.${record.event_type}`;
      options.onOwnEvent?.();
    }
    if (container.componentLabel !== undefined) record.component = container.componentLabel;
    return record;
  };

  function readTextOrRedrawnJson(record: LogRecord, text: string, learned: LearnedForm | undefined): void {
    const bare = withoutRedraws(text);
    const plain = record.container.format === "plain";
    if (!plain && bare.length !== text.length && readJson(record, bare)) return;
    readText(record, bare, learned);
    if (plain) return;
    takeRequest(record, bare);
    if (record.message !== undefined && xmlElementAt(text) !== undefined)
      record.message = redact(withoutEntities(record.message, text), record.container);
  }

  function readJson(record: LogRecord, text: string): boolean {
    const first = text.charCodeAt(0);
    if (first !== OPEN && !SPACES.has(first)) return false;
    const parsed = parseObject(text) ?? literalOf(text, record.container);
    if (parsed === undefined) return false;
    record.data = observe === undefined ? parsed.data : observe(parsed.data);
    record.dataText = parsed.dataText;
    readFields(record, record.data);
    raiseFailedRequest(record);
    return true;
  }

  /** A log event that a program printed as its language shows an object. What its escapes stood for may be a secret. */
  function literalOf(text: string, container: Container): ParsedJson | undefined {
    const data = text.charCodeAt(0) === OPEN ? readLiteral(text) : undefined;
    return data === undefined ? undefined : parseObject(redact(JSON.stringify(data), container));
  }
}
