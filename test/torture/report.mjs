/** What the run says: a table of counts, and for the first fault what is needed to find its cause. */
import { isDue, OUTPUTS } from "./comparison.mjs";

const COLUMNS = ["container", "lines", ...OUTPUTS, "missing", "twice", "others"];

/**
 * @param {import("./comparison.mjs").Comparison} comparison
 * @returns {string} one row a container
 */
export function countsTable({ tracks, findings }) {
  const rows = new Map();
  for (const track of tracks.values()) {
    const row =
      rows.get(track.container) ?? COLUMNS.map((column) => (column === "container" ? track.container : 0));
    rows.set(track.container, row);
    row[1] += track.lines.length;
    for (const [at, output] of OUTPUTS.entries())
      row[2 + at] += track.fates.filter(
        (fate, index) => isDue(fate, output) && track.seen[output][index] === 1,
      ).length;
  }
  for (const { kind, track } of findings) {
    const row =
      rows.get(track?.container) ??
      rows.set("(unknown)", ["(unknown)", 0, 0, 0, 0, 0, 0, 0, 0]).get("(unknown)");
    row[kind === "missing" ? 6 : kind === "twice" ? 7 : 8] += 1;
  }
  const all = [...rows.values()].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const sum = COLUMNS.map((_, at) => (at === 0 ? "all" : all.reduce((total, row) => total + row[at], 0)));
  return table([COLUMNS, ...all, sum]);
}

/**
 * @param {import("./comparison.mjs").Finding} finding
 * @param {(ts: string) => { before: { time: string, what: string }[], after: { time: string, what: string }[] }} around
 * @returns {string}
 */
export function describeFinding({ kind, output, what, ts, track, index }, around) {
  const text = [`${kind} in ${output}${what === "" ? "" : `: ${what}`}`];
  if (track !== undefined && index !== undefined) {
    text.push(
      `line ${index} of ${track.lines.length} of ${track.container}, ${track.stream}; its neighbours on that stream:`,
    );
    for (let at = Math.max(0, index - 3); at < Math.min(track.lines.length, index + 4); at++)
      text.push(`${at === index ? ">" : " "} ${neighbour(track, at)}`);
  }
  if (ts !== undefined) {
    const { before, after } = around(ts);
    for (const { time, what: happened } of before) text.push(`before it was printed, ${time}: ${happened}`);
    for (const { time, what: happened } of after) text.push(`after it was printed, ${time}: ${happened}`);
  }
  return text.join("\n");
}

/**
 * @param {import("./comparison.mjs").Finding} finding
 * @returns {string} one line
 */
export function briefly({ kind, output, what, track, index }) {
  const line = track === undefined ? "" : ` of line ${index} of ${track.container}, ${track.stream}`;
  return `also ${kind} in ${output}${line}: ${what}`;
}

/** @param {readonly number[]} values */
export function spread(values) {
  if (values.length === 0) return "not measured";
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.floor((sorted.length - 1) * share)]);
  return `median ${at(0.5)} ms, 95 % within ${at(0.95)} ms, longest ${at(1)} ms (${values.length} times)`;
}

function neighbour({ lines, fates, seen }, at) {
  const places = OUTPUTS.filter((output) => isDue(fates[at], output)).map(
    (output) => `${output} ${seen[output][at]}`,
  );
  const { ts, text } = lines[at];
  return `${at} ${ts} [${places.join(", ")}] ${text.length > 100 ? `${text.slice(0, 90)}… (${text.length})` : text}`;
}

function table(rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => String(row[at]).length)));
  const line = (row) =>
    row
      .map((cell, at) => (at === 0 ? String(cell).padEnd(widths[at]) : String(cell).padStart(widths[at])))
      .join("  ");
  return rows.map(line).join("\n");
}
