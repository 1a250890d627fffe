/** What happens in a run, and in which order: all of it from the seed. */
import { RETENTION_FAULT_POINTS } from "../../dist/retention/fault-points.js";
import { STORE_FAULT_POINTS } from "../../dist/store/fault-points.js";

/** Points that a life passes once, at its beginning. */
const ONCE = new Set(["recovery:files-mended", "recovery:done"]);
/** Points that need much to happen in one life. */
const RARE = new Set(["journal:compacted", "retired:removed"]);

/** Nothing is deleted in these runs, and the folders of the archive are made once. */
const OF_RETENTION = RETENTION_FAULT_POINTS.filter((point) => !/^(delete|folder):/.test(point));

/** Shorter runs pick a third of the points: killed.test.ts of the store and of retention pass all of them. */
const LONG_RUN = 50;

/**
 * A life of the sidecar and how it ends. `zone`: see ZONES in sidecar.mjs. `afterMs` counts from when it reached the engine, or, with `early`, from its start; with
 * `seals` it makes small files and goes on until some of its date are sealed.
 * @typedef {(
 *   { end: "kill" | "stop", afterMs: number, early?: boolean, seals?: boolean } |
 *   { end: "fault", point: string, hit: number } |
 *   { end: "engine", afterMs: number, signal: "kill" | "stop", awayMs: number, killBefore: "return" | "after", onMs: number, upgrade?: true }
 * ) & { before?: "restart" | "brief", zone: "early" | "late" }} LifePlan
 */

/**
 * @param {import("./random.mjs").Random} random
 * @param {{ kills: number, rounds: number, seconds: number, upgrade: boolean }} options `kills` at random moments, and each fault point
 *   so many times; lives are made longer so that all take about `seconds`; with `upgrade` another engine comes back in the middle
 * @returns {LifePlan[]}
 */
export function planLives(random, { kills, rounds, seconds, upgrade }) {
  const faults = pointsOf(random, STORE_FAULT_POINTS, { kills, rounds });
  const keepingFaults = pointsOf(random, OF_RETENTION, { kills, rounds });
  const engine = Math.max(2, Math.round(kills / 15));
  const stops = Math.max(2, Math.round(kills / 15));
  const count = kills + faults.length + keepingFaults.length + engine + stops;
  // A commit a second: some lives see none, others a few.
  const longestMs = Math.max(2_000, (seconds * 2_000) / count - 1_000);
  const moment = () => random.whole(0, longestMs);
  const zone = () => random.pick(/** @type {const} */ (["early", "late"]));
  /** @type {LifePlan[][]} what stays together */
  const lives = [];
  for (let turn = 0; turn < kills || keepingFaults.length > 0; turn++) {
    const point = keepingFaults.shift();
    if (point !== undefined) {
      // So that there is something to compress.
      const before = { end: "kill", afterMs: moment(), seals: true, zone: "early" };
      lives.push([before, { end: "fault", point, hit: 1, zone: "late" }]);
    }
    // Some are killed while they recover, or before.
    else if (turn % 4 === 3)
      lives.push([{ end: "kill", afterMs: random.whole(50, 1_000), early: true, zone: zone() }]);
    else lives.push([{ end: "kill", afterMs: moment(), zone: zone() }]);
  }
  for (let turn = 0; turn < stops; turn++) lives.push([{ end: "stop", afterMs: moment(), zone: zone() }]);
  for (const point of faults) {
    lives.push([{ end: "fault", point, hit: hitOf(point, random), zone: zone() }]);
  }
  const awayEngine = () => ({
    end: "engine",
    afterMs: moment(),
    signal: random.pick(["kill", "kill", "stop"]),
    awayMs: random.whole(0, 1_000),
    killBefore: random.pick(["return", "after"]),
    onMs: moment(),
    zone: zone(),
  });
  for (let turn = 0; turn < engine; turn++) lives.push([awayEngine()]);
  const ordered = random.shuffled(lives);
  if (upgrade) ordered.splice(ordered.length / 2, 0, [{ ...awayEngine(), upgrade }]);
  const shuffled = ordered.flat();
  for (const [turn, life] of shuffled.entries()) {
    if (turn % 9 === 4) life.before = "restart";
    if (turn % 12 === 7) life.before = "brief";
  }
  return shuffled;
}

function pointsOf(random, points, { kills, rounds }) {
  const count = kills < LONG_RUN ? Math.ceil(points.length / 3) : points.length;
  return Array.from({ length: rounds }, () => random.shuffled(points).slice(0, count)).flat();
}

/** The first commit of a life is that of its recovery, which has nothing new in it. */
function hitOf(point, random) {
  if (ONCE.has(point) || RARE.has(point)) return 1;
  return random.pick(/^(commit|checkpoint):/.test(point) ? [1, 2, 2, 3] : [1, 1, 2]);
}

/**
 * @param {LifePlan} life
 * @returns {string} for people
 */
export function describeLife(life) {
  return `${describeEnd(life)}, in the ${life.zone} zone`;
}

function describeEnd(life) {
  if (life.end === "fault") return `SIGKILL of the sidecar at ${life.point} (time ${life.hit})`;
  if (life.end === "engine") {
    const sidecar = life.killBefore === "return" ? "while it was away" : "after it came back";
    const what = life.upgrade ? "engine, which comes back as 26" : "engine";
    return `SIG${life.signal === "kill" ? "KILL" : "TERM"} of the ${what}, away ${life.awayMs} ms, SIGKILL of the sidecar ${sidecar}`;
  }
  return `SIG${life.end === "kill" ? "KILL" : "TERM"} of the sidecar ${life.afterMs} ms after ${life.early ? "its start" : "it reached the engine"}`;
}
