import { access } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { SidecarError } from "../core/errors.js";
import { mayBeOf, SHARED_NAME } from "../core/names.js";
import type { Category } from "../core/record.js";
import { DamagedFiles, type OnDamage } from "../reading/damage.js";
import { type Entry, mayHold, type Wanted } from "../reading/entries.js";
import { Follower } from "../reading/follower.js";
import { readInOrder } from "../reading/in-order.js";
import { readNewest } from "../reading/newest.js";
import { isBefore, listSegments, plainPath, type SegmentFile } from "../reading/segments.js";
import { didYouMean } from "../rules/problems.js";
import { BatchedOutput } from "./batched-output.js";
import type { Console } from "./console.js";
import { type EntryStyle, entryWriter } from "./entry-writer.js";
import { Progress } from "./progress.js";

export interface TailOptions extends Wanted, EntryStyle {
  readonly logDir: string;
  readonly category: Category;
  /** How many of the newest; undefined for all. */
  readonly lines: number | undefined;
  /** Earlier ones are left out; an engine timestamp. */
  readonly since: string | undefined;
  readonly follow: boolean;
  /** Ends following, and reading. */
  readonly stop: AbortSignal;
}

/** What is new in a file is shown so soon, and half a second is what people take for at once. */
const LOOK_EVERY_MS = 300;

/** `log-sidecar tail`: what is stored, in the order of time, and with `follow` what comes. Only reads. Returns 1 when a file is damaged. */
export async function tail(options: TailOptions, { out, err }: Console): Promise<0 | 1> {
  const { logDir, category, follow, stop } = options;
  await mustExist(logDir);
  const output = new BatchedOutput(out);
  const write = entryWriter(options, out, output);
  const all = await listSegments(logDir, category);
  const listed = all.filter((one) => mayHold(one, category, options));
  const follower = follow
    ? await Follower.begin({ logDir, category, wanted: options, segments: listed })
    : undefined;
  const segments = follower?.segments ?? listed;
  const damaged = new DamagedFiles();
  const onDamage = damaged.teller((text) => err.write(text));
  let isEmpty = true;
  for await (const entry of stored(options, segments, { err, onDamage })) {
    isEmpty = false;
    await write(entry);
    if (output.gone || stop.aborted) break;
  }
  await output.flush();
  if (isEmpty && !stop.aborted && (options.lines ?? 1) > 0) err.write(nothingText(options, all));
  while (follower !== undefined && !output.gone && !stop.aborted) {
    const { news, more } = await follower.look();
    for (const entry of news) if (isNewEnough(entry, options)) await write(entry);
    await output.flush();
    if (!more) await pause(stop);
  }
  return damaged.isEmpty ? 0 : 1;
}

/** More names than these are no help: then only one that was probably meant is told. */
const NAMES_SHOWN = 8;

/** Why nothing was shown, as far as the names of the files tell. */
function nothingText(
  { logDir, category, component, level, since, follow }: TailOptions,
  all: readonly SegmentFile[],
) {
  const yet = follow ? "yet " : "";
  if (all.length === 0) return `nothing of ${category} is stored ${yet}in ${logDir}\n`;
  if (component !== undefined && category === "raw") {
    const names = componentsOf(all);
    if (!names.some((name) => mayBeOf(name, component) || name === SHARED_NAME)) {
      const near =
        names.length > NAMES_SHOWN
          ? didYouMean(component, names)
          : `; there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`;
      return `nothing of a component ${component} is stored ${yet}in ${logDir}${near}\n`;
    }
  }
  const wanted = [
    component === undefined ? "" : ` of ${component}`,
    level === undefined ? "" : ` of level ${level} and above`,
    since === undefined ? "" : ` since ${since}`,
  ];
  return `no record of ${category}${wanted.join("")} is stored ${yet}in ${logDir}\n`;
}

function componentsOf(segments: readonly SegmentFile[]): string[] {
  return [...new Set(segments.map(({ path }) => plainPath(path).split("/").at(-2) ?? ""))].sort();
}

/** @throws SidecarError SIDECAR_ABSENT where there is no such log folder. */
export async function mustExist(logDir: string): Promise<void> {
  try {
    await access(logDir);
  } catch (cause) {
    throw new SidecarError("SIDECAR_ABSENT", `the log folder ${logDir} cannot be read`, { cause });
  }
}

/** What is there already. */
async function* stored(
  options: TailOptions,
  segments: readonly SegmentFile[],
  { err, onDamage }: { readonly err: Console["err"]; readonly onDamage: OnDamage },
): AsyncGenerator<Entry> {
  const { logDir, lines, since } = options;
  if (lines === undefined) {
    yield* readInOrder({ logDir, segments, wanted: options, since, onDamage });
  } else if (lines > 0) {
    const progress = new Progress(err);
    // What is found at once needs no bar.
    const onDate = (date: string, share: number) => share > 0 && progress.show(share, date);
    const within = segments.filter(({ date }) => !isBefore(date, since));
    const newest = await readNewest({
      logDir,
      segments: within,
      wanted: options,
      since,
      count: lines,
      onDate,
      onDamage,
    });
    progress.clear();
    yield* newest;
  }
}

function isNewEnough({ ts }: Entry, { since }: TailOptions): boolean {
  return since === undefined || ts >= since;
}

async function pause(stop: AbortSignal): Promise<void> {
  try {
    await sleep(LOOK_EVERY_MS, undefined, { signal: stop });
  } catch (cause) {
    if (!stop.aborted) throw cause;
  }
}
