import type { Output } from "./output.js";

/** What a command talks to: its answer goes to `out`, what is wrong to `err`. */
export interface Console {
  readonly out: Output;
  readonly err: Output;
}
