import { SidecarError } from "../../core/errors.js";

/** A removal can take its time: only the last of so many refusals in a row is told. */
const REFUSALS_TOLD = 10;

/** The container's log driver keeps nothing that could be read. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof SidecarError && /does not support reading/i.test(error.detail);
}

/** The engine knows no such container any more, or is removing it. */
function isBeingRemoved(error: unknown): boolean {
  return error instanceof SidecarError && /answered (?:404|409)/.test(error.detail);
}

/** Requests for a container's log that were refused in a row because it was being removed. */
export class Refusals {
  #inRow = 0;

  /** Whether this failure is one that people should hear of. */
  toTell(error: unknown): boolean {
    this.#inRow = isBeingRemoved(error) ? this.#inRow + 1 : 0;
    return this.#inRow % REFUSALS_TOLD === 0;
  }

  /** A request was answered. */
  reset(): void {
    this.#inRow = 0;
  }
}
