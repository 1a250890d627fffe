import { z } from "zod";
import type { CommitPart } from "../core/segment.js";
import type { LineBatch, StoredPosition } from "../core/source.js";

const positionsSchema = z.record(
  z.string(),
  z.object({ name: z.string(), position: z.unknown(), ended: z.boolean() }),
);

/** How far each container's lines have been handed to the store; durable together with them. */
export class Positions implements CommitPart {
  readonly name = "positions";
  readonly #byId = new Map<string, StoredPosition>();

  /** `restored` is what `snapshot` gave at the last commit. */
  constructor(restored: unknown) {
    const parsed = positionsSchema.safeParse(restored);
    if (!parsed.success) return;
    for (const [id, stored] of Object.entries(parsed.data)) this.#byId.set(id, stored as StoredPosition);
  }

  /** For the source to begin from. */
  all(): ReadonlyMap<string, StoredPosition> {
    return new Map(this.#byId);
  }

  /** The batch's output was handed to the store. */
  advance(batch: LineBatch): void {
    const { container, position, state } = batch;
    if (position === undefined || state === "removed") this.#byId.delete(container.id);
    else this.#byId.set(container.id, { name: container.name, position, ended: state === "ended" });
  }

  snapshot(): string {
    return JSON.stringify(Object.fromEntries(this.#byId));
  }
}
