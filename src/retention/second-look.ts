import { z } from "zod";
import type { RetentionPolicy } from "../config/retention.js";
import { type DataFile, daysBetween } from "./data-file.js";
import { type FileWork, stepsFor } from "./plan.js";

/** Deletions that wait to be looked at a second time. */
export const waitingSchema = z.object({
  /** When they were first seen, as ISO 8601. */
  since: z.string(),
  /** The date that was taken for today then. */
  today: z.string(),
  files: z.int(),
  bytes: z.number(),
});

export type Waiting = z.infer<typeof waitingSchema>;

interface LookRequest {
  readonly work: readonly FileWork[];
  readonly policy: RetentionPolicy;
  readonly today: string;
  readonly nowMs: number;
  /** What the run before left waiting. */
  readonly former: Waiting | undefined;
}

const WAIT_MS = 86_400_000;

/**
 * What of a plan may be done by schedule. A run each hour finds one date a day that is over; where more than one is to be deleted at once, the
 * clock may have gone wrong, or a setting been mistaken. That waits for a day, and is then done as far as it was due at the first look: a
 * clock that has been set right by then costs nothing.
 */
export function lookTwice(request: LookRequest): { work: FileWork[]; waiting: Waiting | undefined } {
  const { work, today, nowMs } = request;
  // What a clock ahead has left counts no more once that is right again.
  const former = request.former && Date.parse(request.former.since) <= nowMs ? request.former : undefined;
  const isOver = former !== undefined && nowMs - Date.parse(former.since) >= WAIT_MS;
  const asked = work.filter(({ file, steps }) => {
    if (steps[0] !== "delete") return false;
    return !(isOver && wasDue(file, former.today, request.policy));
  });
  const held = new Set(groupsOf(asked).flatMap((group) => (datesOf(group) > 1 ? group : [])));
  if (held.size === 0) return { work: [...work], waiting: undefined };
  const bytes = [...held].reduce((sum, { file }) => sum + file.bytes, 0);
  const first = former === undefined || isOver ? { since: new Date(nowMs).toISOString(), today } : former;
  return {
    work: work.filter((each) => !held.has(each)),
    waiting: { since: first.since, today: first.today, files: held.size, bytes },
  };
}

function wasDue(file: DataFile, day: string, policy: RetentionPolicy): boolean {
  return stepsFor(file, daysBetween(file.date, day), policy)[0] === "delete";
}

/** By what says how long files are kept: each has its own date that is over today. */
function groupsOf(works: readonly FileWork[]): FileWork[][] {
  const groups = new Map<string, FileWork[]>();
  for (const each of works) {
    const key = `${each.file.category} ${each.file.ownDays ?? ""}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()];
}

function datesOf(works: readonly FileWork[]): number {
  return new Set(works.map(({ file }) => file.date)).size;
}
