import { faultPoint } from "../core/fault.js";

/** Where a test ends the forwarder, in the order in which a message meets them. */
export const FORWARD_FAULT_POINTS = ["forward:publishing", "forward:sent", "forward:answered"] as const;

/** Does nothing but in test programs. */
export const pass: (point: (typeof FORWARD_FAULT_POINTS)[number]) => void = faultPoint;
