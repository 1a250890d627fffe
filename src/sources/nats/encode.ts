import { deflateSync } from "node:zlib";
import type { LearnedForm, Line } from "../../core/line.js";
import { aheadBy } from "./ahead.js";
import {
  FORMAT,
  HEADERS,
  hashOf,
  MESSAGE_BYTES,
  type Message,
  type SentBatch,
  UNPACKED_BYTES,
} from "./message.js";
import { type LineNumbers, numbersAfter, streamIndex } from "./numbers.js";

/** The fastest: a stronger one takes twice the time for a tenth less. */
const LEVEL = 1;

/** A message, and the batch that it carries. */
export interface Encoded {
  readonly message: Message;
  readonly batch: SentBatch;
}

/**
 * The messages of a batch: one, or several where it is too much for one. A source has no position inside a batch: all but the last
 * carry the position from before it and how far they have come behind that.
 */
export function encodeBatch(
  batch: SentBatch,
  from: Pick<SentBatch, "position" | "ahead">,
  limitBytes = MESSAGE_BYTES,
): Encoded[] {
  const message = encode(batch);
  if (message !== undefined && message.data.length <= limitBytes) return [{ message, batch }];
  const { lines } = batch;
  if (lines.length <= 1) return encodeBatch(smaller(batch), from, limitBytes);
  const middle = lines.length >> 1;
  const [head, tail] = [lines.slice(0, middle), lines.slice(middle)];
  const between = numbersAfter(batch.before, { lines: head, gap: batch.gap });
  const ahead = aheadBy(from.ahead, head);
  const first: SentBatch = {
    ...batch,
    lines: head,
    bytes: bytesOf(head),
    after: between,
    position: from.position,
    ahead,
    state: "open",
  };
  const second: SentBatch = {
    ...batch,
    lines: tail,
    bytes: bytesOf(tail),
    gap: undefined,
    before: between,
  };
  return [
    ...encodeBatch(first, from, limitBytes),
    ...encodeBatch(second, { position: from.position, ahead }, limitBytes),
  ];
}

/** A single line that is too long for a message is cut. Where there is no text to cut, labels are too long, and are left out. */
function smaller(batch: SentBatch): SentBatch {
  if (batch.bytes === 0) return { ...batch, container: { ...batch.container, labels: {} } };
  const lines = batch.lines.map((line) => ({
    ...line,
    text: line.text.slice(0, line.text.length >> 1).replace(/[\ud800-\udbff]$/, ""),
    truncated: true,
  }));
  return { ...batch, lines, bytes: bytesOf(lines) };
}

function bytesOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { text }) => sum + text.length, 0);
}

function encode(batch: SentBatch): Message | undefined {
  const { container, bytes, gap, lines } = batch;
  const forms: LearnedForm[] = [];
  const rows = lines.map((line) => rowOf(line, forms));
  const text = JSON.stringify({ container, bytes, gap, forms, lines: rows });
  const unpacked = Buffer.from(text);
  if (unpacked.length > UNPACKED_BYTES) return undefined;
  const data = deflateSync(unpacked, { level: LEVEL });
  return { headers: headersOf(batch, data), data };
}

/** ts, stream, text, printed lines, 1 for truncated and 2 for replaced, place of what was learned among the forms or -1. */
function rowOf(line: Line, forms: LearnedForm[]): unknown[] {
  const flags = (line.truncated ? 1 : 0) + (line.replaced ? 2 : 0);
  return [line.ts, streamIndex(line), line.text, line.lines, flags, formIndex(line.learned, forms)];
}

/** Most lines share theirs with the one before. */
function formIndex(learned: LearnedForm | undefined, forms: LearnedForm[]): number {
  if (learned === undefined) return -1;
  const at = forms.lastIndexOf(learned);
  return at >= 0 ? at : forms.push(learned) - 1;
}

function headersOf(batch: SentBatch, data: Uint8Array): Map<string, string> {
  const headers = new Map<string, string>([
    [HEADERS.format, String(FORMAT)],
    [HEADERS.after, numbersText(batch.after)],
    [HEADERS.position, asciiJson(batch.position)],
    [HEADERS.ahead, batch.ahead.map(({ count }) => count).join(" ")],
    [HEADERS.state, batch.state],
    [HEADERS.container, asciiJson(batch.container.name)],
    [HEADERS.hash, hashOf(numbersText(batch.after), data)],
  ]);
  const ends = batch.ahead.map(({ end }) => end);
  if (ends.some((end) => end !== null)) headers.set(HEADERS.aheadTo, asciiJson(ends));
  if (batch.before !== undefined) headers.set(HEADERS.before, numbersText(batch.before));
  return headers;
}

function numbersText({ epoch, counts }: LineNumbers): string {
  return `${epoch} ${counts.join(" ")}`;
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value ?? null).replace(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
