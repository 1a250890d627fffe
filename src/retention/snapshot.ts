import type { RetentionIndex } from "./index-file.js";
import type { Inventory } from "./inventory.js";

/** What is on the volume at a moment. */
export interface Snapshot {
  readonly inventory: Inventory;
  readonly openPaths: ReadonlySet<string>;
  readonly index: RetentionIndex;
  readonly today: string;
}
