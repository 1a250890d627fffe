import { z } from "zod";
import { accountSchema } from "../pipeline/ledger.js";
import { lastRunSchema } from "../retention/last-run.js";

/** How forwarding stands. */
export const forwardSchema = z.object({
  /** Undefined until the engine has said it, where the settings don't. */
  host: z.string().optional(),
  servers: z.array(z.string()),
  /** Why nothing is published; absent while it is. */
  trouble: z.string().optional(),
  /** When a message was taken last, as ISO 8601. */
  lastPublished: z.string().optional(),
  /** Of each container that has printed something since forwarding began, or began again at the stream's last message. */
  containers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** Lines that the stream has taken. */
      published: z.int(),
      /** Lines in memory that it has not. */
      waiting: z.int(),
      /** The stream's number of the container's last message. */
      sequence: z.int().optional(),
    }),
  ),
});

export type ForwardStatus = z.infer<typeof forwardSchema>;

/** What a running sidecar says of itself: the content of `.sidecar/status.json`, of `stats --json`. */
export const statusSchema = z.object({
  version: z.string(),
  pid: z.int(),
  startedAt: z.string(),
  /** When this was written, as ISO 8601. */
  at: z.string(),
  /** It has ended in good order; this is its last word. */
  stopped: z.boolean(),
  disk: z.object({ freeBytes: z.number(), sizeBytes: z.number() }).optional(),
  rules: z.object({
    native: z.int(),
    sigma: z.int(),
    /** Why the rules of the folder are not those in use; absent while they are. */
    trouble: z.string().optional(),
  }),
  store: z.object({
    openSegments: z.int(),
    stagedFiles: z.int(),
    waitingBytes: z.number(),
    commits: z.int(),
    lastCommitMs: z.number().optional(),
    lastCommitTookMs: z.number().optional(),
    diskFull: z.boolean(),
    failing: z.string().optional(),
  }),
  /** What retention and the disk guard did last. */
  housekeeping: z
    .object({
      lastRun: lastRunSchema.optional(),
      nextRun: z.string().optional(),
      /** As the logs grow now; null: not within a year. */
      daysUntilFull: z.number().nullable().optional(),
      lastCleanup: z
        .object({
          at: z.string(),
          freedBytes: z.number(),
          reached: z.boolean(),
          obstacles: z.array(z.string()),
        })
        .optional(),
      shedding: z.boolean(),
    })
    .optional(),
  /** Where it answers HTTP, and what it answers to: another one may listen there, seen from elsewhere. */
  http: z.object({ host: z.string(), port: z.int(), instance: z.string() }).optional(),
  /** Groups of windows that have no row yet. */
  openGroups: z.int().optional(),
  /** Of one that forwards. */
  forward: forwardSchema.optional(),
  counters: z.record(z.string(), z.union([z.number(), z.record(z.string(), z.number())])),
  containers: z.array(accountSchema.extend({ id: z.string() })),
});

export type Status = z.infer<typeof statusSchema>;
