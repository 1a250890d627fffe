/** How the engine rotates a container's log. */
export interface Rotation {
  /** Size at which the engine begins a new log file; undefined when it never does. */
  readonly rotateBytes: number | undefined;
  /** Size of all log files together, at most; Infinity when it has no limit. */
  readonly heldBytes: number;
  /** Files that are full are compressed. */
  readonly compressed: boolean;
  /** So many log files there are at most; 1 also where the engine never begins a new one. */
  readonly maxFiles: number;
}

/** What a message takes in the engine's files, more or less. */
const MESSAGE_BYTES = 200;

/** Defaults of moby's `local` driver (daemon/logger/local), which also keeps the copy for drivers that cannot be read themselves. */
const LOCAL_MAX_SIZE = "20m";
const LOCAL_MAX_FILE = "5";

/** The longest entry that Podman writes: one read of the pipe, and a head (conmon: src/ctr_logging.c). */
const K8S_ENTRY_BYTES = 8_192 + 64;

/** Of a log driver with its options; `json-file` (daemon/logger/jsonfilelog) keeps all, or one file of `max-size`. */
export function readRotation(driver: string, options: Readonly<Record<string, string>>): Rotation {
  if (driver === "k8s-file") return readPodmanRotation(options["max-size"]);
  const bytes = rotateBytes(driver, options);
  const files =
    driver === "json-file" || driver === "local" ? options["max-file"] : options["cache-max-file"];
  const maxFiles = Number(files ?? (driver === "json-file" ? "1" : LOCAL_MAX_FILE)) || 1;
  return {
    rotateBytes: bytes,
    heldBytes: bytes === undefined ? Number.POSITIVE_INFINITY : bytes * maxFiles,
    maxFiles,
    compressed: maxFiles > 1 && bytes !== undefined && isCompressed(driver, options),
  };
}

/** Podman tells its size in four digits, and its file is full when the next entry would be too much: `rotateBytes` is the least that is full. */
function readPodmanRotation(maxSize: string | undefined): Rotation {
  const bytes = parseSize(maxSize);
  return {
    rotateBytes: bytes && Math.max(1, bytes * 0.999 - K8S_ENTRY_BYTES),
    heldBytes: bytes ?? Number.POSITIVE_INFINITY,
    maxFiles: 1,
    compressed: false,
  };
}

/** About how many messages the log holds at most. */
export function heldMessages({ heldBytes }: Rotation): number {
  return heldBytes / MESSAGE_BYTES;
}

function isCompressed(driver: string, options: Readonly<Record<string, string>>): boolean {
  if (driver === "json-file") return options["compress"] === "true";
  return (options[driver === "local" ? "compress" : "cache-compress"] ?? "true") !== "false";
}

function rotateBytes(driver: string, options: Readonly<Record<string, string>>): number | undefined {
  if (driver === "journald") return undefined;
  if (driver === "json-file") return parseSize(options["max-size"]);
  return parseSize(options[driver === "local" ? "max-size" : "cache-max-size"] ?? LOCAL_MAX_SIZE);
}

/** Docker's sizes: decimal, with an optional unit (`10m` is 10,000,000). */
function parseSize(text: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(text?.trim() ?? "");
  if (match === null) return undefined;
  const exponent = ["", "k", "m", "g", "t"].indexOf(match[2]!.toLowerCase());
  return Number(match[1]) * 1000 ** exponent || undefined;
}
