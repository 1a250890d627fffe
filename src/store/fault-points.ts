import { faultPoint } from "../core/fault.js";

/** Every place of the store where a test ends the process, in the order in which a run first meets them. */
export const STORE_FAULT_POINTS = [
  "recovery:files-mended",
  "recovery:done",
  "segment:intent-written",
  "segment:intent-durable",
  "segment:created",
  "segment:written",
  "segment:synced",
  "commit:captured",
  "commit:written",
  "commit:synced",
  "checkpoint:written",
  "checkpoint:synced",
  "checkpoint:former-kept",
  "checkpoint:replaced",
  "checkpoint:durable",
  "commit:done",
  "seal:frozen",
  "seal:finished",
  "seal:synced",
  "seal:manifest-renamed",
  "seal:renamed",
  "seal:durable",
  "retired:removed",
  "journal:compacted",
] as const;

export type StoreFaultPoint = (typeof STORE_FAULT_POINTS)[number];

/** Does nothing but in test programs; its type keeps the list above complete. */
export const pass: (point: StoreFaultPoint) => void = faultPoint;
