import { z } from "zod";
import { SACRIFICES } from "../../retention/sacrifice.js";
import { type AddRoutes, bodyOf, untilGone } from "./route.js";

const PRIVATE = { config: { access: "private" } } as const;

const nothing = z.strictObject({});

const retentionBody = z.strictObject({
  dryRun: z.boolean().default(false),
  /** A time with its zone: as if it were that. */
  now: z.iso.datetime({ offset: true }).optional(),
});

const cleanupBody = z.strictObject({
  dryRun: z.boolean().default(false),
  /** Percent of the disk that may be in use afterwards; by default the setting `diskTarget`. */
  target: z.number().min(0).max(100).optional(),
  include: z.array(z.enum(SACRIFICES)).default([]),
});

/** What changes the files, or is made durable: as the commands of the same names do. */
export const addUpkeep: AddRoutes = (server, { parts, stopping }) => {
  const { upkeep, settings } = parts;
  server.post("/api/flush", PRIVATE, async (request) => {
    bodyOf(request, nothing);
    return upkeep.flush();
  });
  server.post("/api/retention", PRIVATE, async (request, reply) => {
    const { dryRun, now } = bodyOf(request, retentionBody);
    const nowMs = now === undefined ? undefined : Date.parse(now);
    return upkeep.retention({ dryRun, nowMs }, { signal: untilGone(reply, stopping) });
  });
  server.post("/api/cleanup", PRIVATE, async (request, reply) => {
    const { dryRun, target, include } = bodyOf(request, cleanupBody);
    const asked = { dryRun, include, targetPercent: target ?? settings.diskTarget };
    return upkeep.cleanup(asked, { signal: untilGone(reply, stopping) });
  });
};
