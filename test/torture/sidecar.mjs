/** One life of the sidecar: a process from its start to its end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The sidecar, which ends itself where a test says. */
export const program = fileURLToPath(new URL("../../.cache/faulty-sidecar.js", import.meta.url));
const rules = fileURLToPath(new URL("rules", import.meta.url));

/** Small and short, so that commits, new segments and finished files are under way at each moment. */
export const SETTINGS = {
  SIDECAR_SEGMENT_SIZE: "200kB",
  SIDECAR_TRAINING_SAMPLES: "40",
  SIDECAR_TRAINING_AGE: "1s",
  SIDECAR_BATCH_SIZE: "20",
  SIDECAR_SCOPE: "all",
  SIDECAR_RULES_DIR: rules,
  // Each second: what a life in the early zone has sealed a life in the late zone compresses and archives while lines come.
  SIDECAR_RETENTION_CRON: "* * * * * *",
  SIDECAR_RETENTION: JSON.stringify({
    raw: { compress: "1d", archive: "1d", delete: "never" },
    summary: { compress: "1d", archive: "1d", delete: "never" },
    training: { compress: "1d", archive: "1d", delete: "never" },
    tagged: { compress: "1d", archive: "1d" },
  }),
};

/** Time zones 25 hours apart: at each moment the late one is a day ahead, so that segments of the early one are a day old in it. */
export const ZONES = /** @type {const} */ ({ early: "Pacific/Pago_Pago", late: "Pacific/Kiritimati" });

/** Seals a file now and then in a life of some seconds. */
export const SMALL_FILES = { SIDECAR_SEGMENT_SIZE: "60kB" };

/** Makes so many files that even the journal of new files is shortened. */
export const MANY_FILES = { SIDECAR_SEGMENT_SIZE: "8kB", SIDECAR_TRAINING_SAMPLES: "2" };

const FIU = "/usr/lib/fiu";
/** What the sidecar does to its files that fails with EIO now and then. */
const FAILING = [
  "io/rw/pwrite",
  "io/rw/pwritev",
  "io/sync/fdatasync",
  "io/sync/fsync",
  "io/dir/rename",
  "io/dir/unlink",
];

/** A disk on which 1 call in 25 fails: libfiu (Debian's fiu-utils) stands before the C library's functions. */
export const FAILING_DISK = {
  LD_PRELOAD: `${FIU}/fiu_run_preload.so ${FIU}/fiu_posix_preload.so`,
  FIU_ENABLE: FAILING.map((name) => `enable_random name=posix/${name},probability=0.04,failinfo=5`).join(
    "\n",
  ),
  FIU_CTRL_FIFO: "",
};

/** Today in a zone: `2026-01-31`. */
export function dateIn(zone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: ZONES[zone] }).format();
}

/** The name and the kernel's identity that a process sees which is to be one of another machine. */
export const OTHER_MACHINE = "other-machine";
const AS_OTHER = `mount --bind "$1" /proc/sys/kernel/random/boot_id && hostname ${OTHER_MACHINE} && shift && exec "$@"`;

/** Node, as a program of this machine or, in namespaces of its own, of another one that has the log folder mounted. */
function nodeOn(machine, logDir) {
  if (machine === undefined) return [process.execPath];
  const bootId = join(dirname(logDir), "other-boot-id");
  writeFileSync(bootId, `${"0".repeat(8)}-0000-4000-8000-${"0".repeat(12)}\n`);
  return ["unshare", "--mount", "--uts", "sh", "-c", AS_OTHER, "sh", bootId, process.execPath];
}

/**
 * @typedef {object} LifeOptions
 * @property {string} logDir
 * @property {string} host
 * @property {keyof typeof ZONES} zone
 * @property {{ point: string, hit: number }} [fault] where it ends itself by SIGKILL
 * @property {Record<string, string>} [settings]
 * @property {readonly string[]} [args] flags of `run`
 * @property {typeof OTHER_MACHINE} [machine] undefined: this one
 */

export class Life {
  log = "";
  startedMs = performance.now();
  /** @type {number | undefined} when the engine was reached, by the clock of startedMs */
  connectedAtMs;
  #child;

  /** @param {LifeOptions} options */
  constructor({ logDir, host, zone, fault, settings, args = [], machine }) {
    const faults = fault && { FAULT_POINT: fault.point, FAULT_HIT: String(fault.hit) };
    const [command, ...before] = nodeOn(machine, logDir);
    this.#child = spawn(command, [...before, program, "run", ...args], {
      env: {
        ...process.env,
        ...SETTINGS,
        ...settings,
        ...faults,
        TZ: ZONES[zone],
        SIDECAR_LOG_DIR: logDir,
        DOCKER_HOST: host,
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child.stderr.setEncoding("utf8").on("data", (text) => {
      this.log += text;
      if (this.connectedAtMs === undefined && this.log.includes("connected to the Docker Engine"))
        this.connectedAtMs = performance.now();
    });
    this.ended = once(this.#child, "close");
  }

  get running() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid() {
    return this.#child.pid;
  }

  /** How it ended: a signal's name or an exit status. */
  get end() {
    return this.#child.signalCode ?? this.#child.exitCode;
  }

  /** SIGKILL; resolves when it is gone. */
  async kill() {
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  /** SIGTERM; resolves when it is gone. */
  async stop() {
    this.#child.kill("SIGTERM");
    await this.ended;
  }

  /** Resolves after so long, or when it has ended; then false. */
  async lives(ms) {
    // A timer that outlasts the life must not keep the run from ending.
    await Promise.race([sleep(ms, undefined, { ref: false }), this.ended]);
    return this.running;
  }
}
