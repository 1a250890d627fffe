import type { LineLane } from "../core/lane.js";
import type { LineBatch, LineSink } from "../core/source.js";

interface StraightOptions {
  readonly lane: LineLane;
  /** All stages, one after the other, up to the store. */
  readonly work: (batch: LineBatch) => void;
  readonly hasRoom: () => boolean;
  /** Resolves when the store can take more; one caller at a time. */
  readonly room: () => Promise<void>;
}

/**
 * Takes batches through all stages before it returns. Lines that the lane takes reach the store at once; those that go the long way must not
 * wait anywhere, or they would come behind later ones.
 */
export class StraightIntake implements LineSink {
  readonly lane: LineLane;
  readonly flowing: Promise<void>;
  readonly #options: StraightOptions;
  #drained: Promise<void> | undefined;
  #finish: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(options: StraightOptions) {
    this.#options = options;
    this.lane = options.lane;
    this.flowing = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
  }

  /** No source will deliver any more. */
  end(): void {
    this.#finish();
  }

  /** All that was delivered is with the store. */
  settled(): Promise<void> {
    return Promise.resolve();
  }

  deliver(batch: LineBatch): Promise<void> | undefined {
    try {
      this.#options.work(batch);
    } catch (error) {
      // Whoever runs the sidecar hears of it, and stops the source.
      this.#fail(error);
      return new Promise(() => undefined);
    }
    if (this.#options.hasRoom()) return undefined;
    this.#drained ??= this.#options.room().finally(() => {
      this.#drained = undefined;
    });
    return this.#drained;
  }
}
