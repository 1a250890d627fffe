import type { Entry } from "./entry.js";

/** `2026-11-29T05:11:05.123456789+00:00 stdout F `: the time in the host's zone, the stream, F for what ends a line and P for a piece of it. */
const HEAD = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}[+-]\d\d:\d\d std(?:out|err) [FP] /;
const BEGINS_WITH_HEAD = new RegExp(`^${HEAD.source}`);
const HEAD_CHARS = 45;
const SECONDS_END = 19;
const FRACTION_END = 29;
const ZONE_END = 35;
const STDERR = "stderr";
const STREAM_AT = ZONE_END + 1;
const TAG_AT = HEAD_CHARS - 2;

/**
 * Reads a line of a k8s-file log without its line end (conmon: src/ctr_logging.c, write_k8s_log). `text` is latin1, `ascii` promises that
 * all of it is. Undefined for what is none, also not in part.
 *
 * All entries of one read of the pipe, which are up to 8,192 bytes of text, share a time; the pieces of a line need not. A piece ends where
 * a read did, so it has any length, and the last words of a container without a line end are one.
 */
export function readK8sEntry(text: string, ascii: boolean): Entry | undefined {
  if (BEGINS_WITH_HEAD.test(text)) return readHeaded(text, ascii);
  // Behind half an entry, or the zeros of a disk that lost its power.
  const at = text.search(HEAD);
  return at < 0 ? undefined : readHeaded(text.substring(at), ascii);
}

function readHeaded(text: string, ascii: boolean): Entry | undefined {
  const seconds = utcSeconds(text.substring(0, SECONDS_END), text.substring(FRACTION_END, ZONE_END));
  if (seconds === undefined) return undefined;
  const piece = text.charAt(TAG_AT) === "P";
  const printed = text.substring(HEAD_CHARS);
  return {
    ts: `${seconds}${text.substring(SECONDS_END, FRACTION_END)}Z`,
    stream: text.startsWith(STDERR, STREAM_AT) ? 1 : 0,
    raw: piece ? printed : `${printed}\n`,
    ascii,
    piece,
  };
}

/** The second that was asked for last, with its zone, and what it is in UTC: many entries share one. */
let asked = "";
let answer: string | undefined;

function utcSeconds(local: string, zone: string): string | undefined {
  if (zone === "+00:00") return local;
  if (`${local}${zone}` !== asked) {
    asked = `${local}${zone}`;
    const ms = Date.parse(asked);
    answer = Number.isNaN(ms) ? undefined : new Date(ms).toISOString().slice(0, SECONDS_END);
  }
  return answer;
}
