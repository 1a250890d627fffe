import type { Container } from "../core/container.js";
import type { LearnedForm } from "../core/line.js";
import type { LogRecord } from "../core/record.js";
import { readPairs } from "./heads/pairs.js";
import { isPostgresCsv } from "./heads/postgres-csv.js";
import { HeadRoom } from "./heads/room.js";
import { UsualHeads } from "./heads/usual.js";
import { xmlElementAt } from "./heads/xml.js";
import { parseObject } from "./parse.js";
import { readFields } from "./shapes/json/fields.js";
import { java } from "./shapes/text/java.js";
import type { TextReading, TextShape } from "./shapes/text/shape.js";
import { shapesFor, TEXT_SHAPES } from "./shapes/text/shapes.js";
import { readJavaLoggingHead } from "./traces/java-logging.js";
import { troubleOf } from "./traces/trouble.js";

/** What is remembered of a container, and goes with it. */
interface Memory {
  /** The shape that fitted last, or that its label names. */
  shape: TextShape | undefined;
  readonly stdout: UsualHeads;
  readonly stderr: UsualHeads;
}

interface TextReaderOptions {
  readonly onBadFormat?: (container: Container, format: string) => void;
}

const LONGEST_KEY = 60;
const nameAlone = /^[A-Za-z_]\w{0,60}(?:\.\w{1,60}){1,12}$/;

/** Formats that name no single kind of text: everything is tried. */
const ANY_FORMAT = new Set(["", "auto", "json", "text"]);

/** What `log-sidecar.format` and `ONNX_LOG_FORMAT` may say: a shape to try first, or nothing in particular. */
export const FORMATS: readonly string[] = [
  "auto",
  "json",
  "text",
  "plain",
  ...TEXT_SHAPES.map((each) => each.name),
];

/**
 * Reads text lines into their records. Remembers for each container the shape that fitted last and tries it
 * first; the memory goes with the container.
 *
 * A level that no shape finds: error for a stack trace on either stream and for standard error's lines that begin
 * with a word such as `error` or `panic`; info for all others, on standard error too, since many programs (all that
 * use Python's `logging`, nginx, Go's `log`) print everything there.
 */
export function createTextReader(
  options: TextReaderOptions,
): (record: LogRecord, text: string, learned: LearnedForm | undefined) => void {
  const room = new HeadRoom();
  const memories = new WeakMap<Container, Memory>();

  return (record, text, learned) => {
    const isPlain = record.container.format === "plain";
    const read = text.includes("\n") ? readLines : readHead;
    const reading = isPlain ? undefined : read(text, record, learned);
    record.message = reading === undefined ? text.trimEnd() : reading.message;
    record.level = reading?.level ?? troubleOf(record.message, record.stream) ?? "info";
    if (reading !== undefined) takeData(record, reading);
  };

  /** Of several lines the first has the head, or two. */
  function readLines(
    text: string,
    record: LogRecord,
    learned: LearnedForm | undefined,
  ): TextReading | undefined {
    const end = text.indexOf("\n");
    const cut = endOfHead(text, end);
    const head = cut < 0 ? text : text.slice(0, cut);
    const reading = (cut > end ? java.read(head) : undefined) ?? readHead(head, record, learned);
    if (reading === undefined || cut < 0) return reading;
    const named = withNameAlone(text, cut, reading) ?? reading;
    return { ...named, message: messageOf(text, cut, named) };
  }

  function readHead(
    head: string,
    { container, stream }: LogRecord,
    learned: LearnedForm | undefined,
  ): TextReading | undefined {
    const memory = memoryOf(container);
    const last = memory.shape;
    const usual = memory[stream];
    const again = last?.read(head, learned, usual);
    if (again !== undefined) return again;
    for (const shape of shapesFor(head)) {
      const reading = shape === last ? undefined : shape.read(head, learned, usual);
      if (reading !== undefined) {
        if (shape.general !== true) memory.shape = shape;
        return reading;
      }
    }
    return undefined;
  }

  function memoryOf(container: Container): Memory {
    const known = memories.get(container);
    if (known !== undefined) return known;
    const memory = {
      shape: preferred(container),
      stdout: new UsualHeads(room),
      stderr: new UsualHeads(room),
    };
    memories.set(container, memory);
    return memory;
  }

  /** The shape that the container's label names, looked up once. */
  function preferred(container: Container): TextShape | undefined {
    const format = container.format?.toLowerCase();
    if (format === undefined || ANY_FORMAT.has(format)) return undefined;
    const shape = TEXT_SHAPES.find((each) => each.name === format);
    if (shape === undefined) options.onBadFormat?.(container, format);
    return shape;
  }
}

function messageOf(text: string, cut: number, reading: TextReading): string {
  const message = `${reading.message}${text.slice(cut)}`.trimEnd();
  return reading.message === "" ? message.trim() : message;
}

/** A logger's name stands alone behind the head, and what it says below, indented. */
function withNameAlone(text: string, cut: number, reading: TextReading): TextReading | undefined {
  if (reading.level === undefined || !isBlank(text.charCodeAt(cut + 1))) return undefined;
  if (reading.data?.["logger"] !== undefined || !nameAlone.test(reading.message)) return undefined;
  return { ...reading, message: "", data: { ...reading.data, logger: reading.message }, json: undefined };
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** Where the text ends that shapes look at, which has several lines: the first, which ends at `end`, or both of Java's own logging, all of PostgreSQL's csvlog, of XML, and of pairs whose value goes on. -1 for the end of the text. */
function endOfHead(text: string, end: number): number {
  if (isPostgresCsv(text) || xmlElementAt(text) !== undefined || isOpenPairs(text, end)) return -1;
  if (readJavaLoggingHead(text.slice(0, end)) === undefined) return end;
  const second = text.indexOf("\n", end + 1);
  return second < 0 ? text.length : second;
}

/** Pairs of which a quoted value has several lines. */
function isOpenPairs(text: string, cut: number): boolean {
  const equals = text.indexOf("=");
  if (equals < 1 || equals > LONGEST_KEY || text.indexOf(" ") < equals) return false;
  const quotes = text.slice(0, cut).replace(/[^"]/g, "").length;
  return quotes % 2 === 1 && readPairs(text, 0) !== undefined;
}

function takeData(record: LogRecord, reading: TextReading): void {
  const inner = reading.message.charCodeAt(0) === 123 ? parseObject(record.message ?? "") : undefined;
  if (inner !== undefined) {
    takeInner(record, reading, inner.data, inner.dataText);
  } else if (reading.data !== undefined) {
    record.data = reading.data;
    record.dataText = reading.json ?? JSON.stringify(reading.data);
    if (reading.named === true) readFields(record, reading.data);
  }
}

/**
 * A program that prints JSON through its text logger (`INFO:root:{"event_type":…}`): the object is the data, with
 * what the prefix said before it. The object's own words count for more than the prefix's.
 */
function takeInner(
  record: LogRecord,
  reading: TextReading,
  inner: NonNullable<LogRecord["data"]>,
  innerText: string,
): void {
  const outer = Object.entries(reading.data ?? {}).filter(([key]) => !Object.hasOwn(inner, key));
  if (outer.length === 0) {
    record.data = inner;
    record.dataText = innerText;
  } else {
    const prefix = Object.fromEntries(outer);
    const empty = Object.keys(inner).length === 0;
    record.data = { ...prefix, ...inner };
    record.dataText = `${JSON.stringify(prefix).slice(0, -1)}${empty ? "" : ","}${innerText.slice(1).trimStart()}`;
  }
  readFields(record, inner);
}
