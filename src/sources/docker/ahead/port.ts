/** What the process asks of its thread that reads ahead. */
export type Asked =
  /** Connect to the engine's socket, send the request and read. */
  | { readonly open: number; readonly path: string; readonly request: string }
  /** What was brought is done with; `buffer` can be used again. */
  | { readonly taken: number; readonly buffer: ArrayBuffer }
  | { readonly close: number };

/** What the thread answers. */
export type Brought =
  | {
      readonly id: number;
      readonly buffer: ArrayBuffer;
      readonly length: number;
      readonly receivedMs: number;
    }
  /** Nothing more comes; `code` and `message` of the error if there was one. */
  | { readonly id: number; readonly ended: { readonly code?: string; readonly message: string } | undefined };

/** What the thread is told at its start. */
export interface AheadLimits {
  /** For what was read and not taken, of all connections together. */
  readonly limitBytes: number;
  /** An answer must begin within this time. */
  readonly headTimeoutMs: number;
}
