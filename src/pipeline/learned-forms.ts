import { type Position, positionSchema } from "../sources/position.js";
import { readCheckpoints } from "../store/checkpoint.js";
import { realDisk } from "../store/disk.js";
import { Positions } from "./positions.js";

/** Of [stdout, stderr]. */
export type Forms = NonNullable<Position["forms"]>;

/**
 * What the sidecar has learned of the form of each container's lines up to its last commit, by container id: for who reads lines
 * again of which the engine holds no longer those that taught it.
 */
export async function readLearnedForms(logDir: string): Promise<ReadonlyMap<string, Forms>> {
  const [latest] = await readCheckpoints(realDisk(logDir), () => undefined);
  const forms = new Map<string, Forms>();
  for (const [id, { position }] of new Positions(latest?.parts["positions"]).all()) {
    const known = positionSchema.safeParse(position).data?.forms;
    if (known !== undefined) forms.set(id, known);
  }
  return forms;
}
