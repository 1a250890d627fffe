import { faultPoint } from "../core/fault.js";

/** Every place of retention where a test ends the process, in the order in which a file can meet them. */
export const RETENTION_FAULT_POINTS = [
  "folder:made",
  "run:begun",
  "compress:written",
  "compress:renamed",
  "compress:durable",
  "compress:removed",
  "archive:companion-moved",
  "archive:moved",
  "delete:companion-removed",
  "delete:removed",
  "run:synced",
] as const;

export type RetentionFaultPoint = (typeof RETENTION_FAULT_POINTS)[number];

/** Does nothing but in test programs; its type keeps the list above complete. */
export const pass: (point: RetentionFaultPoint) => void = faultPoint;
