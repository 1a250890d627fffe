/** Carries out what the schedule says: starts the sidecar, lets it work, and ends it. */

import { setTimeout as sleep } from "node:timers/promises";
import { looksSealed } from "./checkpoint.mjs";
import { describeLife } from "./schedule.mjs";
import { dateIn, FAILING_DISK, Life, MANY_FILES, OTHER_MACHINE, SMALL_FILES } from "./sidecar.mjs";
import { measureRaw } from "./volume.mjs";

/**
 * A start is over by then on the slowest machine, and a fault point passed, because lines come all the time. On a machine that does much else,
 * a commit of a backlog in MANY_FILES is 10,000 files to sync, and takes two minutes.
 */
const LIMIT_MS = 400_000;
const MANY_FILES_POINTS = new Set(["journal:compacted"]);

/**
 * @typedef {object} Happening
 * @property {string} time RFC 3339, milliseconds
 * @property {string} what
 */

/** A run that cannot go on, with what the sidecar said last. */
export class TortureError extends Error {}

function endedByItself(life) {
  return new TortureError(`the sidecar ended by itself (${life.end}):\n${life.log}`);
}

function settingsFor({ point, seals }) {
  if (MANY_FILES_POINTS.has(point)) return MANY_FILES;
  return seals ? SMALL_FILES : {};
}

export class Killer {
  /** @type {Happening[]} */
  history = [];
  /** @type {number[]} milliseconds from the start of a life until the files grew */
  firstLineMs = [];
  /** @type {number | undefined} */
  lastPid;
  /** Whether the disk of the lives to come fails now and then. */
  failingDisk = false;
  /** Whether that of any life did. */
  hadFailingDisk = false;
  /** Whether two machines share the volume, and take turns. */
  secondHost = false;
  #isOther = false;
  counts = { kills: 0, faults: 0, stops: 0, engineKills: 0, engineStops: 0, restarts: 0, refused: 0 };
  #options;

  /**
   * @param {{ engine: import("./engine.mjs").TortureEngine, printers: import("./containers.mjs").Printers, logDir: string,
   *   random: import("./random.mjs").Random, settings: Record<string, string> }} options `settings`: of all lives of the sidecar
   */
  constructor(options) {
    this.#options = options;
  }

  /** @param {import("./schedule.mjs").LifePlan} plan */
  async live(plan) {
    const { engine, printers, random } = this.#options;
    if (plan.before === "brief")
      this.#note(`started the container ${await printers.startBrief(random.whole(50, 400))}`);
    const life = this.start(plan.zone, settingsFor(plan), plan.end === "fault" ? plan : undefined);
    if (plan.before === "restart") await this.#restartOne();
    if (plan.end === "engine") await this.#awayEngine(plan, life, engine);
    else if (plan.end === "fault") await this.#untilFault(plan, life);
    else {
      await this.#work(life, plan);
      if (this.secondHost && !plan.early) await this.#expectRefused(plan.zone);
      await (plan.end === "kill" ? life.kill() : life.stop());
      if (plan.end === "stop") this.#expectStopped(life);
      this.counts[plan.end === "kill" ? "kills" : "stops"] += 1;
    }
    this.#note(describeLife(plan));
  }

  /** A life that nothing ends but the fault. */
  start(zone, settings = {}, fault = undefined) {
    const { logDir, engine, settings: ofAll } = this.#options;
    const disk = this.failingDisk ? FAILING_DISK : {};
    this.hadFailingDisk ||= this.failingDisk;
    const all = { ...ofAll, ...settings, ...disk };
    const machine = this.#isOther ? OTHER_MACHINE : undefined;
    this.#isOther = this.secondHost && !this.#isOther;
    const life = new Life({ logDir, host: engine.host, zone, fault, settings: all, machine });
    this.lastPid = life.pid;
    return life;
  }

  /** The other machine's sidecar finds the volume in use while this one's works, and leaves it alone. */
  async #expectRefused(zone) {
    const { logDir, engine, settings } = this.#options;
    const machine = this.#isOther ? OTHER_MACHINE : undefined;
    const rival = new Life({ logDir, host: engine.host, zone, settings, machine });
    // One that is let in, because the owner was held up for longer than a lock counts, would go on for ever.
    if (await rival.lives(LIMIT_MS)) await rival.kill();
    if (rival.end !== 1 || !rival.log.includes("[VOLUME_LOCKED]"))
      throw new TortureError(
        `beside a sidecar that works another one ended with ${rival.end}:\n${rival.log}`,
      );
    this.counts.refused += 1;
  }

  /** Starts one, waits until `done` says so, and stops it by SIGTERM. */
  async liveUntil(what, done) {
    const life = this.start("late");
    while (!(await done(life))) if (!(await life.lives(100))) throw endedByItself(life);
    await life.stop();
    this.#expectStopped(life);
    this.#note(`SIGTERM of the sidecar ${what}`);
  }

  /** What happened just before and just after an engine time. */
  around(ts) {
    const after = this.history.findIndex(({ time }) => time > ts);
    const at = after < 0 ? this.history.length : after;
    return { before: this.history.slice(Math.max(0, at - 2), at), after: this.history.slice(at, at + 2) };
  }

  async #work(life, { afterMs, early, seals, zone }) {
    const { logDir } = this.#options;
    let lastCommit = seals ? Number.POSITIVE_INFINITY : 0;
    const isSealed = async () => {
      if (lastCommit === 0) return true;
      const { serial, looks } = await looksSealed(logDir, dateIn(zone));
      if (looks) lastCommit = Math.min(lastCommit, serial + 2);
      return serial >= lastCommit;
    };
    let base;
    let isMeasured = false;
    for (;;) {
      const sinceMs = early ? life.startedMs : life.connectedAtMs;
      const leftMs = sinceMs === undefined ? 100 : sinceMs + afterMs - performance.now();
      if (leftMs <= 0 && (await isSealed())) return;
      if (!(await life.lives(Math.min(100, Math.max(20, leftMs))))) throw endedByItself(life);
      if (performance.now() - life.startedMs > LIMIT_MS)
        throw new TortureError(`no start within ${LIMIT_MS / 1000} s:\n${life.log}`);
      if (isMeasured || life.connectedAtMs === undefined) continue;
      const sizes = await measureRaw(logDir);
      base ??= sizes;
      isMeasured = [...sizes].some(([path, size]) => size > (base.get(path) ?? 0));
      if (isMeasured) this.firstLineMs.push(performance.now() - life.startedMs);
    }
  }

  async #untilFault({ point, hit }, life) {
    if (await life.lives(LIMIT_MS)) {
      await life.kill();
      throw new TortureError(
        `${point} was not passed ${hit} times within ${LIMIT_MS / 1000} s:\n${life.log}`,
      );
    }
    if (life.end !== "SIGKILL") throw endedByItself(life);
    this.counts.faults += 1;
  }

  async #awayEngine(plan, life, engine) {
    await this.#work(life, plan);
    await engine[plan.signal]();
    this.#note(`SIG${plan.signal === "kill" ? "KILL" : "TERM"} of the engine`);
    this.counts[plan.signal === "kill" ? "engineKills" : "engineStops"] += 1;
    if (plan.killBefore === "return") await life.kill();
    await sleep(plan.awayMs);
    if (plan.upgrade) {
      await engine.startUpgraded();
      await this.#options.printers.wakeHeldOver();
    } else await engine.start();
    this.#note(plan.upgrade ? "the engine is back, upgraded" : "the engine is back");
    if (plan.killBefore === "return") return;
    if (!(await life.lives(plan.onMs))) throw endedByItself(life);
    await life.kill();
  }

  async #restartOne() {
    const { printers, random } = this.#options;
    const { name } = random.pick(printers.all.filter((printer) => !printer.name.startsWith("brief")));
    await printers.restart(name);
    this.counts.restarts += 1;
    this.#note(`restart of the container ${name}`);
  }

  #expectStopped(life) {
    if (life.end !== 0)
      throw new TortureError(`after SIGTERM the sidecar ended with ${life.end}:\n${life.log}`);
  }

  #note(what) {
    this.history.push({ time: new Date().toISOString(), what });
  }
}
