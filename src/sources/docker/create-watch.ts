import type { EngineAddress } from "./engine.js";
import type { Rotation } from "./rotation.js";
import { FollowWatch } from "./trust.js";

/** Undefined without rotation: then no engine passes anything over. */
export function createWatch(
  { rotateBytes }: Rotation,
  address: EngineAddress,
  startedMs: number,
): FollowWatch | undefined {
  if (rotateBytes === undefined) return undefined;
  return new FollowWatch({ rotateBytes, sameClock: address.kind === "socket", startedMs });
}
