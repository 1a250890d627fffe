import { isAscii } from "node:buffer";
import { isEngineTime } from "../../../core/time.js";
import type { StreamIndex } from "../../position.js";
import type { Frame } from "../frames.js";

/** One message as a log driver stores it. */
export interface Entry {
  /** Engine time, 30 characters: the file leaves zeros at the end of the fraction out. */
  readonly ts: string;
  readonly stream: StreamIndex;
  /** One character a byte (latin1), as the log API sends it. */
  readonly raw: string;
  readonly ascii: boolean;
  /** As the log API would have sent it; undefined where it was not written so. Its fields change with each entry. */
  readonly frame?: Readonly<Frame> | undefined;
  /** Whether its line goes on in the stream's next one; absent where only its length and end can tell. */
  readonly piece?: boolean;
}

/** Reads a line of a log file without its line end; undefined for what is none. `text` is latin1, `ascii` promises that all of it is. */
export type ReadEntry = (text: string, ascii: boolean) => Entry | undefined;

const BEGIN = '{"log":"';
const TIME = ',"time":"';
const STDOUT = '","stream":"stdout"';
const STDERR = '","stream":"stderr"';

/** An escape that means a character beyond ASCII, whose bytes are to be found (moby writes U+FFFD, U+2028 and U+2029 so). */
const WIDE_ESCAPE = /\\u(?!00[0-7])/;

/**
 * Reads a line of a json-file log without its line end (moby: daemon/logger/jsonfilelog/jsonlog, and its MarshalJSONBuf): `log`,
 * `stream`, perhaps `attrs`, `time`. `text` is latin1, `ascii` promises that all of it is. Undefined for what is none, also not in part.
 *
 * Nearly all entries are read where they stand: their only escapes are ASCII, so no byte changes.
 */
export function readJsonEntry(text: string, ascii: boolean): Entry | undefined {
  const timeAt = text.lastIndexOf(TIME);
  const from = timeAt - STDOUT.length;
  if (from >= BEGIN.length && text.endsWith('"}') && text.startsWith(BEGIN)) {
    const stream = text.startsWith(STDOUT, from) ? 0 : text.startsWith(STDERR, from) ? 1 : undefined;
    const ts = engineTime(text.substring(timeAt + TIME.length, text.length - 2));
    const raw =
      stream === undefined || ts === undefined ? undefined : unescaped(text.substring(BEGIN.length, from));
    if (raw !== undefined) return { ts: ts!, stream: stream!, raw, ascii };
  }
  return readAnyEntry(text);
}

/** The text of a JSON string; undefined when that takes more than ASCII, or is no JSON. */
function unescaped(value: string): string | undefined {
  const backslash = value.indexOf("\\");
  if (backslash < 0 || backslash === value.length - 2) {
    // Half an entry stands before it, see readAnyEntry.
    if (value.includes('"')) return undefined;
  }
  if (backslash < 0) return value;
  // The line end alone: three of four lines.
  if (backslash === value.length - 2 && value.endsWith("n")) return `${value.substring(0, backslash)}\n`;
  if (WIDE_ESCAPE.test(value)) return undefined;
  try {
    return JSON.parse(`"${value}"`) as string;
  } catch {
    // Told by whoever finds no entry in it another way.
    return undefined;
  }
}

/** With attributes, wide escapes, another order of the keys, or behind half an entry that a kill of the engine left. */
function readAnyEntry(text: string): Entry | undefined {
  for (let at = text.indexOf("{"); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
    const entry = parse(text.substring(at));
    if (entry !== undefined) return entry;
  }
  return undefined;
}

function parse(text: string): Entry | undefined {
  let value: { log?: unknown; stream?: unknown; time?: unknown };
  try {
    value = JSON.parse(Buffer.from(text, "latin1").toString("utf8"));
  } catch {
    // Not JSON from here on.
    return undefined;
  }
  const { log = "", stream, time } = value;
  const ts = typeof time === "string" ? engineTime(time) : undefined;
  if (typeof log !== "string" || ts === undefined || (stream !== "stdout" && stream !== "stderr"))
    return undefined;
  const bytes = Buffer.from(log, "utf8");
  return { ts, stream: stream === "stderr" ? 1 : 0, raw: bytes.toString("latin1"), ascii: isAscii(bytes) };
}

/** Go's RFC3339Nano in UTC has no zeros at the end of its fraction; the API's times have all nine digits. */
function engineTime(time: string): string | undefined {
  if (time.length === 30) return isEngineTime(time) ? time : undefined;
  if (!time.endsWith("Z")) return undefined;
  const seconds = time.length === 20 ? `${time.slice(0, 19)}.` : time.slice(0, -1);
  const full = `${seconds.padEnd(29, "0")}Z`;
  return full.length === 30 && isEngineTime(full) ? full : undefined;
}
