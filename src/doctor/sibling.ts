import { z } from "zod";

/** The part of the engine's answer to inspect that is looked at here (engine API 1.24 and later). */
export const siblingSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Config: z.object({
    Labels: z.record(z.string(), z.string()).nullish(),
    Env: z.array(z.string()).nullish(),
  }),
  LogPath: z.string().catch(""),
  State: z.object({ Running: z.boolean() }),
  HostConfig: z.object({
    LogConfig: z.object({ Type: z.string(), Config: z.record(z.string(), z.string()).nullish() }),
  }),
});

export type Sibling = z.infer<typeof siblingSchema>;
