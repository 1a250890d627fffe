import { namedContainer } from "../../core/container.js";
import type { LineBatch, StoredPosition } from "../../core/source.js";
import { positionSchema } from "../position.js";

/** Positions of containers that are gone, kept in case an engine or a proxy was wrong about that. */
const GONE_KEPT = 1_000;

/** Positions of an earlier run whose containers were not seen yet, and those of containers that are gone. */
export class GonePositions {
  readonly #unseen: Map<string, StoredPosition>;
  readonly #gone = new Map<string, StoredPosition>();

  constructor(restored: ReadonlyMap<string, StoredPosition>) {
    this.#unseen = new Map(restored);
  }

  /** The container is there, after all: where reading it goes on, if it was read before. */
  take(id: string): StoredPosition | undefined {
    const stored = this.#unseen.get(id) ?? this.#gone.get(id);
    this.#unseen.delete(id);
    this.#gone.delete(id);
    return stored;
  }

  keep(id: string, stored: StoredPosition): void {
    this.#gone.set(id, stored);
    const [oldest] = this.#gone.keys();
    if (this.#gone.size > GONE_KEPT && oldest !== undefined) this.#gone.delete(oldest);
  }

  /** What is to be told of containers of the earlier run that the engine no longer knows: a gap, unless they were read to their end. */
  vanished(present: ReadonlySet<string>): LineBatch[] {
    const missing = [...this.#unseen].filter(([id]) => !present.has(id));
    return missing.map(([id, stored]) => {
      this.#unseen.delete(id);
      this.keep(id, stored);
      const position = positionSchema.safeParse(stored.position);
      const from = position.success ? position.data.last[0] || undefined : undefined;
      const why = "the container was removed while no sidecar was running";
      return {
        container: namedContainer(id, stored.name),
        lines: [],
        bytes: 0,
        gap: stored.ended ? undefined : { from, to: undefined, why },
        position: stored.position,
        state: "removed",
      };
    });
  }
}
