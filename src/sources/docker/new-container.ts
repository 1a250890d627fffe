import type { WatchedContainer } from "./watched-container.js";

/** What was made so lately has printed no more than following brings at its beginning. */
const NEW_MS = 5_000;

/** The container has just been made. */
export function isNew({ createdAt }: WatchedContainer): boolean {
  return Math.abs(Date.now() - Date.parse(createdAt)) < NEW_MS;
}
