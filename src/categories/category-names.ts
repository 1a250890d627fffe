import { opendir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../core/errors.js";
import { NameLimit } from "../core/name-limit.js";
import { nameFolded } from "../telemetry/category-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";

interface NamesOptions {
  readonly logDir: string;
  /** `SIDECAR_MAX_NAMES`: so many names of each kind get a folder of their own. */
  readonly limit: number;
  readonly telemetry: Telemetry;
}

/** Limits the names of each kind that can come from logs and rules. */
export interface CategoryNames {
  readonly component: NameLimit;
  readonly table: NameLimit;
  readonly dataset: NameLimit;
}

/** The limits of all kinds, with the folders that hold files in the log volume already. */
export async function openNames({ logDir, limit, telemetry }: NamesOptions): Promise<CategoryNames> {
  const open = async (kind: string, category: string): Promise<NameLimit> => {
    const look = () => foldersIn(join(logDir, category));
    const names: NameLimit = new NameLimit({
      limit,
      known: await look(),
      onFull: seldom(() => names.keep(look)),
      onFold: (name, container) => nameFolded(telemetry, { kind, name, container }),
    });
    return names;
  };
  return {
    component: await open("component", "raw"),
    table: await open("table", "summary"),
    dataset: await open("dataset", "training"),
  };
}

/** Retention empties folders by the hour or less often. */
const LOOK_EVERY_MS = 60_000;

/** Does it at once, then no sooner than after a minute. A folder that can't be read now is read the next time. */
function seldom(look: () => Promise<void>): () => void {
  let nextMs = 0;
  return () => {
    const nowMs = performance.now();
    if (nowMs < nextMs) return;
    nextMs = nowMs + LOOK_EVERY_MS;
    look().catch(() => undefined);
  };
}

/** How many names of each kind have a folder of their own. */
export async function countNames(
  logDir: string,
): Promise<Readonly<Record<"component" | "table" | "dataset", number>>> {
  const count = async (category: string) => (await foldersIn(join(logDir, category))).length;
  return { component: await count("raw"), table: await count("summary"), dataset: await count("training") };
}

/** By name, those in which something is: retention leaves the folders of names that are long gone. */
async function foldersIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const names: string[] = [];
    for (const name of folders) if (!(await isEmpty(join(path, name)))) names.push(name);
    return names;
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return [];
    throw cause;
  }
}

async function isEmpty(path: string): Promise<boolean> {
  try {
    const folder = await opendir(path);
    try {
      return (await folder.read()) === null;
    } finally {
      await folder.close();
    }
  } catch (cause) {
    // What can't be looked into counts.
    return systemCode(cause) === "ENOENT";
  }
}
