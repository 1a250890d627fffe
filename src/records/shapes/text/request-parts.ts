import { said } from "./shape.js";

/** The parts of a line that tells of a request, whoever printed it: what stands around method, address and status. */

const IPV4 = /(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?(?![\w.-])/;
/** In brackets, or bare with `::` or all of its eight parts; three parts with two digits each are a time. */
const IPV6 =
  /\[([\da-f:]{2,39}(?:%\w{1,16})?)\](?::(\d{1,5}))?|(?<![\w:.])((?:[\da-f]{0,4}:){1,7}:[\da-f:]{0,30}|(?:[\da-f]{1,4}:){7}[\da-f]{1,4})(?![\w:.])/i;

export interface Client {
  readonly client: string | undefined;
  readonly port: number | undefined;
}

/** The first address of a client in a text: with several (`X-Forwarded-For`) the first is who asked. */
export function clientIn(text: string): Client | undefined {
  const four = IPV4.exec(text);
  const six = IPV6.exec(text);
  if (six !== null && (four === null || six.index < four.index)) {
    const client = six[1] ?? six[3];
    // `[26]` is a process, no address.
    if (client?.includes(":") === true) return { client, port: portOf(six[2]) };
  }
  return four === null ? undefined : { client: four[1], port: portOf(four[2]) };
}

function portOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

const DURATION =
  /(?<![\w.:])(\d{1,12}(?:\.\d{1,12})?) ?(ns|[µμu]s|ms|msecs?|milliseconds?|micros|s|secs?|seconds?)(?![\w/])/;
const IN_MS: Readonly<Record<string, number>> = { n: 1e-6, µ: 1e-3, μ: 1e-3, u: 1e-3, s: 1e3 };
/** Texts in quotes: a browser's name may hold what looks like a duration. */
const QUOTED = /"[^"]{0,2000}"/g;

/** ` 5s`. */
const SHORTEST = 3;

/** How long the answer took, in milliseconds: the first number with a unit of time. */
export function durationIn(text: string): number | undefined {
  if (text.length < SHORTEST) return undefined;
  const match = DURATION.exec(text.includes('"') ? text.replace(QUOTED, " ") : text);
  if (match === null) return undefined;
  const [, count, unit = ""] = match;
  const factor = unit.startsWith("micros") ? 1e-3 : unit.startsWith("m") ? 1 : (IN_MS[unit.charAt(0)] ?? 1);
  return Number((Number(count) * factor).toPrecision(12));
}

/** The two texts in quotes behind status and size: where the client came from, and what it is. Sizes and times may stand before. */
export const AGENTS = /^[\s\d.-]{0,60}"((?:[^"\\]|\\.){0,8000})" "((?:[^"\\]|\\.){0,8000})"/;

export interface Agents {
  readonly referer: string | undefined;
  readonly user_agent: string | undefined;
}

/** What these texts say. */
export function agentsAt(text: string): Agents | undefined {
  const [, referer = "", agent] = AGENTS.exec(text) ?? [];
  if (agent === undefined) return undefined;
  // Envoy's first is the client's address.
  const isClient = /^[\d[]/.test(referer) && clientIn(referer)?.client === referer;
  return { referer: isClient ? undefined : said(referer), user_agent: said(agent) };
}
