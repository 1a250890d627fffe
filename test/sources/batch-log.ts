import type { LineBatch, LineSink, StoredPosition } from "../../src/core/source.js";

/** Keeps what a source delivers, as the pipeline and the checkpoint would. */
export class BatchLog implements LineSink {
  readonly batches: LineBatch[] = [];
  /** When set, each delivery is answered with it: the source has to wait. */
  wait: Promise<void> | undefined;

  deliver(batch: LineBatch): Promise<void> | undefined {
    this.batches.push(batch);
    return this.wait;
  }

  /** Texts of one container, or all; events of several lines taken apart again. */
  texts(name?: string, stream?: "stdout" | "stderr"): string[] {
    return this.batches
      .filter(({ container }) => name === undefined || container.name === name)
      .flatMap(({ lines }) => lines)
      .filter((line) => stream === undefined || line.stream === stream)
      .flatMap((line) => line.text.split("\n"));
  }

  states(name: string): string[] {
    return this.batches.filter(({ container }) => container.name === name).map(({ state }) => state);
  }

  get gaps(): string[] {
    return this.batches.flatMap(({ gap }) => (gap === undefined ? [] : [gap.why]));
  }

  /** What a checkpoint holds behind these batches. */
  positions(): Map<string, StoredPosition> {
    const positions = new Map<string, StoredPosition>();
    for (const { container, position, state } of this.batches) {
      if (state === "removed") positions.delete(container.id);
      else {
        const stored = { name: container.name, position, ended: state === "ended" };
        positions.set(container.id, JSON.parse(JSON.stringify(stored)) as StoredPosition);
      }
    }
    return positions;
  }
}
