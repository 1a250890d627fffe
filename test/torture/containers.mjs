/** The containers that print: one for each log driver that can be read, and terminals. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { IMAGE } from "./engine.mjs";
import { printerScript } from "./printer.mjs";

/**
 * @typedef {object} Printer
 * @property {string} name
 * @property {boolean} tty
 * @property {string} driver
 * @property {import("dockerode").Container} container
 */

/** Rotation happens all the time, and nothing is ever rotated away: the lines of a run take less than all files together. */
const ROTATED = { "max-size": "400k", "max-file": "5000" };

/** `burst` lines each `pauseUs` microseconds. */
const KINDS = [
  { name: "json", driver: "json-file", options: {}, tty: false, burst: 4, pauseUs: 100_000 },
  { name: "rotated", driver: "json-file", options: ROTATED, tty: false, burst: 8, pauseUs: 200_000 },
  {
    name: "local",
    driver: "local",
    options: { ...ROTATED, compress: "false" },
    tty: false,
    burst: 4,
    pauseUs: 100_000,
  },
  { name: "tty", driver: "json-file", options: {}, tty: true, burst: 3, pauseUs: 100_000 },
  { name: "ttylocal", driver: "local", options: {}, tty: true, burst: 4, pauseUs: 100_000 },
];

const JOURNALD = {
  name: "journald",
  driver: "journald",
  options: {},
  tty: false,
  burst: 4,
  pauseUs: 100_000,
};

/** The line that it falls silent with comes alone, in three pieces: engines differ in how the last of them ends. */
const LAST_IS_LONG = { burst: 1, pauseUs: 20_000, lines: 50, falls: "silent", options: {}, tty: false };

/** What an upgraded engine may show otherwise than the one that wrote it. */
const HELD_OVER = [
  { name: "long", driver: "json-file", ...LAST_IS_LONG },
  { name: "longlocal", driver: "local", ...LAST_IS_LONG },
];

/** Drivers whose logs can be read, but not on this machine. */
export function missingDrivers() {
  return existsSync("/run/systemd/journal/socket") ? [] : ["journald"];
}

/** Starts what prints into an engine, and stops it. */
export class Printers {
  /** @type {Printer[]} */
  all = [];
  #docker;
  #folder;
  #brief = 0;

  /**
   * @param {import("dockerode")} docker
   * @param {string} folder for what the containers look at
   */
  constructor(docker, folder) {
    this.#docker = docker;
    this.#folder = join(folder, "control");
    mkdirSync(this.#folder);
  }

  /** @param {{ upgrade?: boolean }} [options] `upgrade`: with those that are silent while the engine is upgraded */
  async start({ upgrade } = {}) {
    const kinds = [
      ...KINDS,
      ...(missingDrivers().length === 0 ? [JOURNALD] : []),
      ...(upgrade ? HELD_OVER : []),
    ];
    await Promise.all(kinds.map((kind) => this.#start(kind, "always")));
  }

  /** Those that were silent say something again. */
  async wakeHeldOver() {
    await Promise.all(HELD_OVER.map(({ name }) => this.restart(name)));
  }

  /** One that prints so many lines and ends; its log stays. */
  async startBrief(lines) {
    this.#brief += 1;
    const name = `brief${this.#brief}`;
    const kind = { name, driver: "json-file", options: {}, tty: false, burst: 10, pauseUs: 20_000, lines };
    await this.#start(kind, "no");
    return name;
  }

  /** Ends and starts the container again, in the middle of whatever it prints. */
  async restart(name) {
    const printer = this.all.find((each) => each.name === name);
    await printer?.container.restart({ t: 0 });
  }

  /** All say their last words and are stopped; resolves when none runs any more. */
  async stop() {
    writeFileSync(join(this.#folder, "stop"), "");
    await Promise.all(this.all.map((printer) => this.#lastWords(printer)));
    await Promise.all(this.all.map(({ container }) => stopContainer(container)));
  }

  async #start({ name, driver, options, tty, ...printing }, restart) {
    const container = await this.#docker.createContainer({
      name,
      Image: IMAGE,
      Cmd: ["/bin/sh", "-c", printerScript({ name, ...printing })],
      Tty: tty,
      StopTimeout: 1,
      HostConfig: {
        Binds: [`${this.#folder}:/control:ro`],
        LogConfig: { Type: driver, Config: options },
        NetworkMode: "none",
        RestartPolicy: { Name: restart },
      },
    });
    this.all.push({ name, driver, tty, container });
    await container.start();
  }

  async #lastWords({ name, container }) {
    const limit = Date.now() + 60_000;
    for (;;) {
      const { State } = await container.inspect();
      // Without a line end they are in the engine's log when the container ends; sleeping tells that they were said.
      const top = State.Running ? await container.top().catch(() => undefined) : undefined;
      if (!State.Running && !State.Restarting) return;
      if (top?.Processes.some((process) => process.at(-1)?.includes("sleep 100"))) return;
      if (Date.now() > limit) throw new Error(`the container ${name} does not come to its end`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function stopContainer(container) {
  try {
    await container.stop({ t: 0 });
  } catch (error) {
    // 304: it has ended already.
    if (error.statusCode !== 304) throw error;
  }
}
