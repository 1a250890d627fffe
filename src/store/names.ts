import { createHash } from "node:crypto";
import { ARCHIVE_FOLDER, manifestOf, type SeriesSpec, type StagedSpec } from "../core/segment.js";
import type { Disk } from "./disk.js";
import { STAGED_FOLDER } from "./places.js";

/** A name found for a segment. */
export interface Home {
  /** Where the bytes go, below the log folder. */
  readonly path: string;
  /** Where the finished file will be, for a staged segment. */
  readonly finalPath: string | undefined;
  readonly part: number;
}

/** Finds names that nobody has used, so that no file is ever continued that is not the store's own. */
export class Names {
  readonly #disk: Disk;
  readonly #isNamed: (path: string) => boolean;
  /** Given out, and not to be seen in the folders yet. */
  readonly #claimed = new Set<string>();

  /** `isNamed`: whether a checkpoint names the path, though the file may have been removed by somebody. */
  constructor(disk: Disk, isNamed: (path: string) => boolean) {
    this.#disk = disk;
    this.#isNamed = isNamed;
  }

  /** Names whose files are being made: they may be there already, and their segments do not know yet. */
  get claimed(): ReadonlySet<string> {
    return this.#claimed;
  }

  /** The next name of the series, behind all that exist: in its folder, compressed, or in the archive. */
  async claim(spec: SeriesSpec | StagedSpec): Promise<Home> {
    const names = [
      ...(await this.#disk.list(spec.folder)),
      ...(await this.#disk.list(`${ARCHIVE_FOLDER}/${spec.folder}`)),
    ];
    let part = firstPart(spec);
    for (const name of names) part = Math.max(part, (partOf(spec, name) ?? -1) + 1);
    while (this.#claimed.has(claimOf(spec, part)) || this.#isNamed(claimOf(spec, part))) part++;
    return this.hold(spec, part);
  }

  /** Keeps a name from being given out, for a segment of an earlier run. */
  hold(spec: SeriesSpec | StagedSpec, part: number): Home {
    const path = pathOf(spec, part);
    this.#claimed.add(claimOf(spec, part));
    return isStaged(spec)
      ? { path: stagedPath(spec, part), finalPath: path, part }
      : { path, finalPath: undefined, part };
  }

  /** The name is visible in its folder now, or was not used. */
  release(spec: SeriesSpec | StagedSpec, part: number): void {
    this.#claimed.delete(claimOf(spec, part));
  }
}

export function isStaged(spec: SeriesSpec | StagedSpec): spec is StagedSpec {
  return spec.extension === ".npz" || spec.extension === ".pkl";
}

/** Series that continue each other, whatever their header. */
export function seriesKey(spec: SeriesSpec | StagedSpec): string {
  return `${spec.folder}/${spec.stem}_${spec.date}${spec.extension}`;
}

/** Name of a part: of a series `stem_date.ext`, `stem_date.1.ext` …; of finished staged files `stem_date_1.ext` … */
export function pathOf(spec: SeriesSpec | StagedSpec, part: number): string {
  const number = isStaged(spec) ? `_${part}` : part === 0 ? "" : `.${part}`;
  return `${spec.folder}/${spec.stem}_${spec.date}${number}${spec.extension}`;
}

/** What a number is claimed by: two finished files of different extension must not want the same manifest. */
function claimOf(spec: SeriesSpec | StagedSpec, part: number): string {
  return isStaged(spec) ? manifestOf(pathOf(spec, part)) : pathOf(spec, part);
}

function firstPart(spec: SeriesSpec | StagedSpec): number {
  return isStaged(spec) ? 1 : 0;
}

/**
 * The number in a file's name if it belongs to the series, whatever stands behind the extension (`.gz`). Of staged series
 * the extension is all the same: the number counts for the manifest too.
 */
export function partOf(spec: SeriesSpec | StagedSpec, name: string): number | undefined {
  const start = `${spec.stem}_${spec.date}`;
  if (!name.startsWith(start)) return undefined;
  const rest = name.slice(start.length);
  if (!isStaged(spec) && rest.startsWith(spec.extension)) return 0;
  const match = /^[._](\d{1,9})(?=\.)/.exec(rest);
  if (match === null || rest[0] !== (isStaged(spec) ? "_" : ".")) return undefined;
  return isStaged(spec) || rest.startsWith(spec.extension, match[0].length) ? Number(match[1]) : undefined;
}

/** The hash tells apart datasets of the same name in different folders. */
function stagedPath(spec: StagedSpec, part: number): string {
  const folder = createHash("sha256").update(spec.folder).digest("hex").slice(0, 8);
  return `${STAGED_FOLDER}/${spec.stem}_${spec.date}_${part}${spec.extension}.${folder}`;
}
