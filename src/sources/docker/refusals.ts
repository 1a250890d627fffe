import { SidecarError } from "../../core/errors.js";

/** The container's log driver keeps nothing that could be read. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof SidecarError && /does not support reading/i.test(error.detail);
}

/** The engine knows no such container any more, or is removing it. */
export function isBeingRemoved(error: unknown): boolean {
  return error instanceof SidecarError && /answered (?:404|409)/.test(error.detail);
}
