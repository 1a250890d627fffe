import { z } from "zod";
import type { Container } from "../core/container.js";
import type { Line } from "../core/line.js";
import { type Category, LEVELS, type LogRecord } from "../core/record.js";

/** A line of raw or tagged, turned back into the record that the rules saw, as far as that can be known. */
export interface StoredRecord {
  readonly record: LogRecord;
  /** The rules that sent it there, joined by commas; undefined where the default or the line itself did. */
  readonly rule: string | undefined;
}

export interface StoredRecordOptions {
  readonly understand: (line: Line, container: Container) => LogRecord;
  /** The container of a name: as the engine knows it, or as good as nothing but its name. */
  readonly containerOf: (name: string) => Container;
}

/** See docs/OUTPUT.md. */
const storedSchema = z.object({
  ts: z.string(),
  level: z.enum(LEVELS),
  component: z.string(),
  event_type: z.string().optional(),
  message: z.string().optional(),
  container: z.string(),
  host: z.string().optional(),
  stream: z.enum(["stdout", "stderr"]),
  rule: z.string().optional(),
  tags: z.array(z.string()).optional(),
  repeated: z.int().optional(),
  last_ts: z.string().optional(),
  truncated: z.boolean().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});

type Stored = z.infer<typeof storedSchema>;

const DATA = ',"data":{';

/**
 * Reads a stored line; undefined when it is none of ours. What was written is taken as it stands; `text`, the wish and an
 * app's own tags are found by understanding the app's object once more. The text in front of what a text line says (its
 * time, level and logger, already read out of it) is not stored: there the text is the message.
 */
export function readStored(
  text: string,
  category: Category,
  options: StoredRecordOptions,
): StoredRecord | undefined {
  const stored = parse(text);
  if (stored === undefined) return undefined;
  const dataText =
    stored.data === undefined ? undefined : text.slice(text.indexOf(DATA) + DATA.length - 1, -1);
  const printed = dataText === undefined ? undefined : printedAs(dataText, stored, options);
  const record: LogRecord = {
    ts: stored.ts,
    level: stored.level,
    component: stored.component,
    event_type: stored.event_type,
    message: stored.message,
    stream: stored.stream,
    // In tagged the tags of rules stand among the app's own.
    tags: category === "tagged" ? printed?.tags : stored.tags,
    data: stored.data,
    dataText,
    wish: printed?.wish,
    text: printed?.text ?? stored.message ?? dataText ?? "",
    container: containerOn(stored.host, options.containerOf(stored.container)),
    truncated: stored.truncated ?? false,
    lines: 1,
    repeated: stored.repeated,
    last_ts: stored.last_ts,
  };
  return { record, rule: stored.rule };
}

function parse(text: string): Stored | undefined {
  try {
    const parsed = storedSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // A line that somebody else wrote into the file.
    return undefined;
  }
}

/** The record of the app's object alone, if that was the whole line: then it says the same message. */
function printedAs(
  dataText: string,
  stored: Stored,
  { understand, containerOf }: StoredRecordOptions,
): LogRecord | undefined {
  const { ts, stream } = stored;
  const line: Line = { ts, stream, text: dataText, lines: 1, truncated: false, replaced: false };
  const record = understand(line, containerOn(stored.host, containerOf(stored.container)));
  return record.data !== undefined && record.message === stored.message ? record : undefined;
}

function containerOn(host: string | undefined, container: Container): Container {
  return host === undefined ? container : { ...container, host };
}
