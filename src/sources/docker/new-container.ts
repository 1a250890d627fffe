import type { WatchedContainer } from "./watched-container.js";

/** A log that began so lately holds no more than following brings at its beginning. */
const NEW_MS = 5_000;

/** The container has just begun to print. */
export function isNew({ logBeganAt }: WatchedContainer): boolean {
  return Math.abs(Date.now() - Date.parse(logBeganAt)) < NEW_MS;
}
