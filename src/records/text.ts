import type { Container } from "../core/container.js";
import type { Level, LogRecord } from "../core/record.js";
import type { TextReading, TextShape } from "./shapes/text/shape.js";
import { TEXT_SHAPES } from "./shapes/text/shapes.js";
import { troubleOf } from "./traces/trouble.js";

interface TextReaderOptions {
  readonly onBadFormat?: (container: Container, format: string) => void;
}

/** Formats that name no single kind of text: everything is tried. */
const ANY_FORMAT = new Set(["auto", "json", "text"]);

/** Stands for a format that names no shape, so that it is complained of once. */
const NO_SHAPE: TextShape = { name: "", read: () => undefined };

/**
 * Reads text lines into their records. Remembers for each container the shape that fitted last and tries it
 * first; the memory goes with the container.
 *
 * A level that no shape finds: error for a stack trace on either stream and for standard error's lines that begin
 * with a word such as `error` or `panic`; info for all others, on standard error too, since many programs (all that
 * use Python's `logging`, nginx, Go's `log`) print everything there.
 */
export function createTextReader(options: TextReaderOptions): (record: LogRecord, text: string) => void {
  const lastShapes = new WeakMap<Container, TextShape>();

  return (record, text) => {
    const cut = text.indexOf("\n");
    const head = cut < 0 ? text : text.slice(0, cut);
    const reading = record.container.format === "plain" ? undefined : readHead(head, record.container);
    if (reading === undefined) {
      record.message = text.trimEnd();
      record.level = silentLevel(record, text);
      return;
    }
    record.message = cut < 0 ? reading.message : `${reading.message}${text.slice(cut)}`.trimEnd();
    record.level = reading.level ?? silentLevel(record, text);
    if (reading.data !== undefined) {
      record.data = reading.data;
      record.dataText = JSON.stringify(reading.data);
    }
  };

  function readHead(head: string, container: Container): TextReading | undefined {
    const last = lastShapes.get(container) ?? preferred(container);
    const again = last?.read(head);
    if (again !== undefined) return again;
    for (const shape of TEXT_SHAPES) {
      const reading = shape === last ? undefined : shape.read(head);
      if (reading !== undefined) {
        lastShapes.set(container, shape);
        return reading;
      }
    }
    return undefined;
  }

  /** The shape that the container's label names, looked up once. */
  function preferred(container: Container): TextShape | undefined {
    const format = container.format?.toLowerCase();
    if (format === undefined || ANY_FORMAT.has(format)) return undefined;
    const shape = TEXT_SHAPES.find((each) => each.name === format);
    if (shape === undefined) options.onBadFormat?.(container, format);
    lastShapes.set(container, shape ?? NO_SHAPE);
    return shape;
  }
}

function silentLevel(record: LogRecord, text: string): Level {
  return troubleOf(text, record.stream) ?? "info";
}
