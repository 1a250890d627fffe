/** Holds what is stored against what the engine holds: each line once in each of its outputs, in order, and nothing else. */
import { fateOf } from "./expected.mjs";

export const OUTPUTS = /** @type {const} */ (["raw", "summary", "training", "tagged"]);
/** The event type of records that stand where lines are missing. */
const GAP = "log_sidecar.gap";

/**
 * @typedef {typeof OUTPUTS[number]} Output
 * @typedef {import("./engine-log.mjs").HeldLine} HeldLine
 * @typedef {object} Finding
 * @property {"missing" | "twice" | "unknown" | "changed" | "out of order" | "misplaced" | "gap"} kind
 * @property {Output} output
 * @property {string} what
 * @property {string} [ts]
 * @property {Track} [track]
 * @property {number} [index] of the line in its track
 */

/**
 * One stream of one container. For each line and output: how often it is there, and where it was seen last.
 * @typedef {object} Track
 * @property {string} container
 * @property {string} stream
 * @property {HeldLine[]} lines
 * @property {import("./expected.mjs").Fate[]} fates
 * @property {Map<string, number>} byTs
 * @property {Record<Output, Uint8Array>} seen
 * @property {Map<string, number>} newest by series: the line that came last in it
 * @property {Set<number>} ends the last lines of events of several lines
 */

export class Comparison {
  /** @type {Finding[]} */
  findings = [];
  /** @type {Map<string, Track>} */
  tracks = new Map();
  /** @type {Map<string, { track: Track, index: number }>} */
  #byId = new Map();

  /**
   * @param {string} container
   * @param {readonly HeldLine[]} lines
   */
  hold(container, lines) {
    for (const stream of ["stdout", "stderr"]) {
      const own = lines.filter((line) => line.stream === stream);
      if (own.length > 0) this.#addTrack(container, stream, own);
    }
  }

  /**
   * @param {"raw" | "tagged"} output
   * @param {Record<string, unknown>} record
   * @param {import("./stored.mjs").Place} place
   */
  record(output, record, place) {
    if (record.event_type === GAP)
      return this.#find("gap", output, `${at(place)}: ${record.message}`, record.ts);
    const track = this.tracks.get(`${record.container}/${record.stream}`);
    const index = track?.byTs.get(String(record.ts));
    if (track === undefined || index === undefined)
      return this.#find("unknown", output, `${at(place)}: ${shorten(JSON.stringify(record))}`, record.ts);
    const texts =
      record.data === undefined ? String(record.message ?? "").split("\n") : [JSON.stringify(record.data)];
    for (const [turn, text] of texts.entries())
      this.#take(output, { track, index: index + turn }, text, place);
    if (texts.length > 1) track.ends.add(index + texts.length - 1);
  }

  /**
   * @param {string[]} row ts, id, n, says
   * @param {import("./stored.mjs").Place} place
   */
  row([ts, id, n, says], place) {
    const found = this.#byId.get(id ?? "");
    if (found === undefined) return this.#find("unknown", "summary", `${at(place)}: ${id}`, ts);
    const { data } = found.track.fates[found.index];
    const line = found.track.lines[found.index];
    if (ts !== line.ts || n !== String(data?.n) || says !== data?.says)
      this.#findAt("changed", "summary", found, `${at(place)}: ${ts},${id},${n},${says}`);
    this.#take("summary", found, undefined, place);
  }

  /** @param {{ file: string, id: string, features: number[], label: number, time?: string, ts?: string }} sample `time` as its file has it */
  sample({ file, id, features, label, time, ts: stagedTs }) {
    const place = { file, line: 0, series: "" };
    const found = this.#byId.get(id);
    if (found === undefined) return this.#find("unknown", "training", `${file}: ${id}`);
    const { data, training } = found.track.fates[found.index];
    const { ts } = found.track.lines[found.index];
    const expected = training === "lists" ? data?.values : [data?.n, data?.x];
    const expectedTime = training === "lists" || stagedTs !== undefined ? ts : nanoseconds(ts);
    if (String(features) !== String(expected) || label !== data?.label || (time ?? stagedTs) !== expectedTime)
      this.#findAt("changed", "training", found, `${file}: ${id} ${features} ${label} ${time}`);
    this.#take("training", found, undefined, place);
  }

  /**
   * Every line that should be there and is not. A sidecar that was stopped while containers print has stored the beginning of each
   * stream: with `complete` false, lines behind the last one that is stored anywhere may be missing.
   * @param {{ complete: boolean }} options
   */
  end({ complete }) {
    for (const track of this.tracks.values()) {
      const end = complete ? track.lines.length : storedEnd(track);
      for (const output of OUTPUTS)
        for (let index = 0; index < end; index++)
          if (
            isDue(track.fates[index], output) &&
            track.seen[output][index] === 0 &&
            !isBlankEnd(track, index)
          )
            this.#findAt("missing", output, { track, index }, "");
    }
  }

  #take(output, { track, index }, text, place) {
    const line = track.lines[index];
    const found = { track, index };
    if (line === undefined) return this.#find("unknown", output, `${at(place)}: ${shorten(String(text))}`);
    if (text !== undefined && !isSame(text, line, track.fates[index]))
      this.#findAt("changed", output, found, `${at(place)}: ${shorten(text)}`);
    if (!isDue(track.fates[index], output)) this.#findAt("misplaced", output, found, at(place));
    if (++track.seen[output][index] > 1) this.#findAt("twice", output, found, at(place));
    // Training files are finished when they are full: only inside each of them is there an order.
    const series = `${output}/${output === "training" ? place.file : place.series}`;
    const before = track.newest.get(series) ?? -1;
    if (index < before) this.#findAt("out of order", output, found, `${at(place)}, behind line ${before}`);
    track.newest.set(series, Math.max(index, before));
  }

  #addTrack(container, stream, lines) {
    const fates = lines.map(({ text }) => fateOf(text));
    const seen = /** @type {Track["seen"]} */ ({});
    for (const output of OUTPUTS) seen[output] = new Uint8Array(lines.length);
    const byTs = new Map(lines.map(({ ts }, index) => [ts, index]));
    const double = lines.findIndex(({ ts }, index) => byTs.get(ts) !== index);
    if (double >= 0) {
      const texts = lines
        .slice(double, double + 2)
        .map(({ ts, text }) => `${ts} ${text.length} ${text.slice(0, 80)}`);
      throw new Error(`two lines of ${container}/${stream} have the same time:\n${texts.join("\n")}`);
    }
    const track = { container, stream, lines, fates, byTs, seen, newest: new Map(), ends: new Set() };
    this.tracks.set(`${container}/${stream}`, track);
    for (const [index, { data }] of fates.entries())
      if (data !== undefined) this.#byId.set(String(data.id), { track, index });
  }

  #find(kind, output, what, ts) {
    this.findings.push({ kind, output, what, ts: ts === undefined ? undefined : String(ts) });
  }

  #findAt(kind, output, { track, index }, what) {
    this.findings.push({ kind, output, what, ts: track.lines[index].ts, track, index });
  }
}

/** Whether a line belongs into an output. */
export function isDue(fate, output) {
  return Boolean(fate[output]);
}

/** An event that was handed on behind an empty line, as nothing came for a while: its message ends before that. */
function isBlankEnd({ lines, ends }, index) {
  return lines[index].text === "" && ends.has(index - 1);
}

function isSame(text, line, fate) {
  // What the sidecar understood of a text line, such as its level, may be left out at its beginning.
  return fate.data === undefined ? line.text.endsWith(text) : JSON.stringify(fate.data) === text;
}

function storedEnd(track) {
  for (let index = track.lines.length - 1; index >= 0; index--)
    if (OUTPUTS.some((output) => track.seen[output][index] > 0)) return index + 1;
  return 0;
}

function nanoseconds(ts) {
  return String(BigInt(Date.parse(`${ts.slice(0, 19)}Z`)) * 1_000_000n + BigInt(ts.slice(20, 29)));
}

function at({ file, line }) {
  return line === 0 ? file : `${file}:${line}`;
}

function shorten(text) {
  return text.length > 160 ? `${text.slice(0, 120)}…${text.slice(-40)}` : text;
}
