import { checkpointMissing, filesLater, recovered, segmentLost } from "../telemetry/store-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { type CheckpointBody, loadCheckpoints } from "./checkpoint.js";
import type { Disk } from "./disk.js";
import { Journal } from "./journal.js";
import { findLaterFiles } from "./later-files.js";
import { missingBefore } from "./missing-parts.js";
import { applyRecovery, pathsToMeasure, planRecovery, type RecoveryPlan } from "./recovery.js";

/** What goes on from an earlier run. */
export interface Recovered extends Pick<RecoveryPlan, "segments" | "staged" | "lost"> {
  /** The checkpoints that could be read, the one that counts first; none at the first start. */
  readonly bodies: readonly CheckpointBody[];
}

/**
 * Brings the files of the volume back to the last commit. Nothing is written that needs space.
 * @throws SidecarError CHECKPOINT_BROKEN
 */
export async function recover(disk: Disk, telemetry: Telemetry): Promise<Recovered> {
  const bodies = await loadCheckpoints(disk, telemetry);
  const intents = await Journal.read(disk);
  const [body] = bodies;
  if (body === undefined) {
    // The first checkpoint is older than the first intent: somebody removed the checkpoints to start anew, and keeps the files.
    if (intents.length > 0) checkpointMissing(telemetry);
    return { bodies, segments: [], staged: [], lost: [] };
  }
  const later = await findLaterFiles(disk, body, intents);
  if (later.length > 0) filesLater(telemetry, later);
  const sizes = new Map<string, number | undefined>();
  for (const path of pathsToMeasure(body)) sizes.set(path, await disk.size(path));
  const plan = planRecovery(body, intents, sizes);
  await applyRecovery(disk, plan);
  const lost = [...plan.lost, ...(await missingTogether(disk, body, plan))];
  for (const { path, why } of lost) segmentLost(telemetry, path, `${path} ${why}`);
  recovered(telemetry, {
    segments: plan.segments.length + plan.staged.length,
    cut: plan.cut.length,
    cutBytes: plan.cut.reduce((sum, { surplus }) => sum + surplus, 0),
    removed: plan.remove.length,
    lost: lost.length,
  });
  return { bodies, segments: plan.segments, staged: plan.staged, lost };
}

/** What is missing before the files that the checkpoint names and that are missing. */
async function missingTogether(
  disk: Disk,
  body: CheckpointBody,
  plan: RecoveryPlan,
): Promise<Recovered["lost"]> {
  const named = new Set(plan.lost.map(({ path }) => path));
  const more = new Set<string>();
  for (const entry of body.segments) {
    if (!named.has(entry.path) || (await disk.size(entry.path)) !== undefined) continue;
    for (const path of await missingBefore(disk, entry)) if (!named.has(path)) more.add(path);
  }
  return [...more].map((path) => ({ path, why: "is missing" }));
}
