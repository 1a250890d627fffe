import { inflateSync } from "node:zlib";
import { z } from "zod";
import { causeText, SidecarError } from "../../core/errors.js";
import { LEVELS } from "../../core/level.js";
import type { LearnedForm, Line } from "../../core/line.js";
import { isEngineTime } from "../../core/time.js";
import { learnedForm } from "../position.js";
import { type Ahead, sentEndsSchema } from "./ahead.js";
import { FORMAT, HEADERS, hashOf, type MessageHead, type SentBatch, UNPACKED_BYTES } from "./message.js";
import { type LineNumbers, NO_LINES } from "./numbers.js";

const STATES = ["open", "ended", "removed"] as const;
const optionalText = z.string().optional();
const count = z.int().min(0);

const containerSchema = z.object({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  labels: z.record(z.string(), z.string()),
  composeProject: optionalText,
  composeService: optionalText,
  componentLabel: optionalText,
  componentDefault: z.string(),
  minLevel: z.enum(LEVELS).optional(),
  format: optionalText,
  multiline: optionalText,
});

const bodySchema = z.object({
  container: containerSchema,
  bytes: count,
  gap: z.object({ from: optionalText, to: optionalText, why: z.string() }).optional(),
  forms: z.array(learnedForm),
  lines: z.array(z.unknown()),
});

/**
 * What the headers of a message say, without a look at its lines. `header` gives one by its name, empty when it is absent.
 * @throws SidecarError NATS_MESSAGE, NATS_NEWER
 */
export function readHead(header: (name: string) => string): MessageHead {
  const format = header(HEADERS.format);
  if (!/^\d{1,9}$/.test(format)) throw refused(`its ${HEADERS.format} is ${JSON.stringify(format)}`);
  if (Number(format) > FORMAT)
    throw new SidecarError(
      "NATS_NEWER",
      `a message has format ${format}, and this program reads up to ${FORMAT}`,
    );
  const before = header(HEADERS.before);
  const hash = header(HEADERS.hash);
  const state = STATES.find((name) => name === header(HEADERS.state));
  if (state === undefined) throw refused(`its ${HEADERS.state} is ${JSON.stringify(header(HEADERS.state))}`);
  if (!/^[0-9a-f]{64}$/.test(hash)) throw refused(`its ${HEADERS.hash} is no SHA-256`);
  return {
    before: before === "" ? undefined : readNumbers(before),
    after: readNumbers(header(HEADERS.after)),
    position: readJson(header(HEADERS.position)) ?? undefined,
    ahead: readAhead(header(HEADERS.ahead), header(HEADERS.aheadTo)),
    state,
    hash,
  };
}

/**
 * The batch of a message.
 * @throws SidecarError NATS_MESSAGE
 */
export function readBatch(head: MessageHead, data: Uint8Array): SentBatch {
  const { epoch, counts } = head.after;
  if (hashOf(`${epoch} ${counts.join(" ")}`, data) !== head.hash)
    throw refused("its data is not what was sent");
  const body = bodySchema.safeParse(readJson(unpack(data)));
  if (!body.success) throw refused(z.prettifyError(body.error).replaceAll("\n", " "));
  const { container, bytes, gap, forms, lines } = body.data;
  return {
    ...head,
    container: container as SentBatch["container"],
    bytes,
    gap: gap === undefined ? undefined : { from: gap.from, to: gap.to, why: gap.why },
    lines: lines.map((row, index) => readLine(row, forms, index)),
  };
}

/**
 * The container's name, of its header.
 * @throws SidecarError NATS_MESSAGE
 */
export function readName(header: string): string {
  return String(readJson(header));
}

function unpack(data: Uint8Array): string {
  try {
    return inflateSync(data, { maxOutputLength: UNPACKED_BYTES }).toString("utf8");
  } catch (cause) {
    throw refused(`its data cannot be unpacked: ${causeText(cause)}`);
  }
}

/** By hand: a schema takes longer for a line than all the rest. */
function readLine(row: unknown, forms: readonly LearnedForm[], index: number): Line {
  const [ts, stream, text, lines, flags, form] = Array.isArray(row) ? row : [];
  const isLine =
    typeof ts === "string" &&
    ts.length === 30 &&
    isEngineTime(ts) &&
    (stream === 0 || stream === 1) &&
    typeof text === "string" &&
    Number.isSafeInteger(lines) &&
    lines > 0 &&
    (flags === 0 || flags === 1 || flags === 2 || flags === 3) &&
    (form === -1 || forms[form] !== undefined);
  if (!isLine) throw refused(`its line ${index + 1} is none`);
  return {
    ts,
    stream: stream === 0 ? "stdout" : "stderr",
    text,
    lines,
    truncated: (flags & 1) !== 0,
    replaced: (flags & 2) !== 0,
    learned: forms[form],
  };
}

function readAhead(countsText: string, endsText: string): Ahead {
  const counts = countsText.split(" ").map(readCount);
  if (counts.length !== 2) throw refused(`its ${HEADERS.ahead} has ${counts.length} numbers`);
  const ends = sentEndsSchema.safeParse(endsText === "" ? [null, null] : readJson(endsText));
  if (!ends.success) throw refused(`its ${HEADERS.aheadTo} is ${JSON.stringify(endsText)}`);
  const [stdout, stderr] = ends.data;
  return [
    { count: counts[0]!, end: stdout },
    { count: counts[1]!, end: stderr },
  ];
}

function readNumbers(text: string): LineNumbers {
  const [epoch = "", ...rest] = text.split(" ");
  const counts = rest.map(readCount);
  if (counts.length !== 3 || (epoch !== NO_LINES && !(epoch.length === 30 && isEngineTime(epoch))))
    throw refused(`${JSON.stringify(text)} is no place in a log`);
  return { epoch, counts: [counts[0]!, counts[1]!, counts[2]!] };
}

function readCount(text: string): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw refused(`${JSON.stringify(text)} is no number of lines`);
  return number;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused(causeText(cause));
  }
}

/** For a message that somebody had a server publish where they may not do so themselves. */
export function handedOut(): SidecarError {
  return refused("it is a copy of another one, made by the server for somebody who may not publish here");
}

function refused(why: string): SidecarError {
  return new SidecarError("NATS_MESSAGE", `a message cannot be used: ${why}`);
}
