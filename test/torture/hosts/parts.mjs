/** The sidecars of the run: two forwarders, each with a host's name of its own, of which one stores here, too; and the consumer. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { TortureError } from "../killer.mjs";
import { Life } from "../sidecar.mjs";

export const HOSTS = /** @type {const} */ (["web-1", "web-2"]);
/** Forwards, and stores besides. */
export const BOTH = "web-1";
/** Where each ends itself: around a message's way to the stream, and around a commit. */
export const FAULTS = {
  forwarder: ["forward:publishing", "forward:sent", "forward:answered"],
  consumer: ["commit:captured", "commit:synced", "checkpoint:replaced", "commit:done"],
};

/** One sidecar that is started again whenever it has ended. */
export class Part {
  /** @type {Life} */
  life;
  name;
  #options;

  /**
   * @param {{ name: string, engine: import("../engine.mjs").TortureEngine, servers: import("./servers.mjs").Servers,
   *   folder: string }} options `name`: of a host, or `consumer`
   */
  constructor(options) {
    this.#options = options;
    this.name = options.name;
    mkdirSync(this.logDir, { recursive: true });
    this.life = this.start();
  }

  get logDir() {
    return join(this.#options.folder, this.name);
  }

  get faults() {
    if (this.name === BOTH) return [...FAULTS.forwarder, ...FAULTS.consumer];
    return this.name === "consumer" ? FAULTS.consumer : FAULTS.forwarder;
  }

  /** @param {{ point: string, hit: number }} [fault] */
  start(fault) {
    const { engine, servers, name } = this.#options;
    const isConsumer = name === "consumer";
    this.life = new Life({
      logDir: this.logDir,
      host: engine.host,
      zone: "late",
      fault,
      args: isConsumer ? ["--source", "nats"] : [],
      settings: {
        ...servers.settingsOf(/** @type {import("./servers.mjs").User} */ (name)),
        SIDECAR_HTTP: "off",
        ...(isConsumer ? {} : { SIDECAR_FORWARD: servers.urls, SIDECAR_HOST: name }),
        ...(name === BOTH && { SIDECAR_FORWARD_STORE: "true" }),
      },
    });
    return this.life;
  }

  /** Kills it and starts it again. */
  async kill() {
    this.expectAlive();
    await this.life.kill();
    this.start();
  }

  /** Starts it so that it ends itself, waits for that, and starts it again. */
  async failAt(fault, limitMs) {
    this.expectAlive();
    await this.life.kill();
    const life = this.start(fault);
    if (await life.lives(limitMs))
      throw new TortureError(`${this.name} did not come to ${fault.point}:\n${life.log}`);
    if (life.end !== "SIGKILL") throw this.#ended();
    this.start();
  }

  async stop() {
    this.expectAlive();
    await this.life.stop();
    if (this.life.end !== 0) throw this.#ended();
  }

  expectAlive() {
    if (!this.life.running) throw this.#ended();
  }

  #ended() {
    return new TortureError(`${this.name} ended by itself (${this.life.end}):\n${this.life.log}`);
  }
}
